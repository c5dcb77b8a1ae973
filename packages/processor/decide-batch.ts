import type { LogRecord } from "@antiphon/log";
import { type Decision, formatJson, type Json, type Stamp } from "@antiphon/protocol";
import type { Domain, Failure, Received } from "./domain.ts";
import { changedAt, type Entity } from "./entity.ts";
import { evolveAll } from "./evolve-all.ts";
import type { Fold } from "./fold.ts";
import type { Item } from "./item.ts";
import { rejectionOf } from "./rejection.ts";
import type { Sources } from "./sources.ts";
import { spell } from "./spell.ts";

/** The most bytes of one decision. A larger one is replaced by what the domain says instead. */
export const DECISION_BYTES_MAX = 3_000_000;

/** A decision, as a record and as what it does to its entity. */
export interface Decided<State, Event, Input = unknown> {
  /** Null: it is about no entity, only about positions. */
  readonly key: string | null;
  readonly decision: Decision<Event>;
  /** Absent: the entity is as it was. */
  readonly after?: State;
  /** What it was decided on; absent: a time, or an input that could not be read. */
  readonly on?: Input;
  readonly record: LogRecord;
  readonly sizeBytes: number;
  /** Why the domain's `fail` decided instead; absent: it did not. */
  readonly failure?: Failure;
}

/** What came of a turn. */
export interface DecidedBatch<State, Input, Event> {
  readonly decided: readonly Decided<State, Event, Input>[];
  /** Items that the turn did not come to. */
  readonly left: readonly Item<Input>[];
}

/**
 * Decides items one after the other, each against what the ones before it have left, and spells the decisions as records
 * for the offsets from the fold's end on. Changes nothing: the fold takes them in when the log has. Once the turn is over
 * no further item is begun; the first one always is.
 */
export function decideBatch<State, Input, Event>(
  domain: Domain<State, Input, Event>,
  fold: Fold<State, Input, Event>,
  items: readonly Item<Input>[],
  nowMs: number,
  isOver: () => boolean = () => false,
): DecidedBatch<State, Input, Event> {
  const turn = new Turn(domain, fold, nowMs);
  let taken = 0;
  for (const item of items) {
    if (taken > 0 && isOver()) break;
    turn.take(item);
    taken += 1;
  }
  return { decided: turn.end(), left: items.slice(taken) };
}

interface Step<State, Event> {
  readonly events: readonly Event[];
  readonly after: State;
}

type Origin = Pick<Decision<never>, "input" | "from" | "reply">;

class Turn<State, Input, Event> {
  readonly #domain: Domain<State, Input, Event>;
  readonly #fold: Fold<State, Input, Event>;
  readonly #nowMs: number;
  readonly #sources: Sources;
  readonly #changed = new Map<string, Entity<State>>();
  readonly #decided: Decided<State, Event, Input>[] = [];
  /** The newest input of which nothing came, unless a later one's record covers it. */
  #unrecorded: number | undefined;

  constructor(domain: Domain<State, Input, Event>, fold: Fold<State, Input, Event>, nowMs: number) {
    this.#domain = domain;
    this.#fold = fold;
    this.#nowMs = nowMs;
    this.#sources = fold.sources();
  }

  take(item: Item<Input>): void {
    switch (item.kind) {
      case "due":
        this.#takeDue(item.key, item.failed);
        return;
      case "rejected":
        this.#takeRejected(item);
        return;
      case "input":
        this.#takeInput(item.offset, item.received);
    }
  }

  end(): readonly Decided<State, Event, Input>[] {
    if (this.#unrecorded !== undefined) this.#record(null, { input: this.#unrecorded, events: [] });
    return this.#decided;
  }

  #takeDue(key: string, failed: string | undefined): void {
    const { state } = this.#entity(key);
    if (failed !== undefined) {
      this.#fail(key, {}, { code: "undecidable", message: failed });
      return;
    }
    let step: Step<State, Event>;
    try {
      step = this.#step(state, this.#domain.decide(state, { type: "ReachTime" }, this.#nowMs));
    } catch (error) {
      this.#fail(key, {}, failureOf(error));
      return;
    }
    if (step.events.length > 0) this.#recordStep(key, {}, step);
  }

  #takeRejected({ offset, rejected, received }: Extract<Item<Input>, { kind: "rejected" }>): void {
    if (this.#isRepetition(offset, received?.from)) return;
    this.#record(null, { ...this.#origin(offset, received), events: [], rejected });
  }

  #takeInput(offset: number, received: Received<Input>): void {
    const { key, from, reply, input } = received;
    if (this.#isRepetition(offset, from)) return;
    const origin = this.#origin(offset, received);
    let step: Step<State, Event>;
    try {
      const { state } = this.#entity(key);
      step = this.#step(state, this.#domain.decide(state, input, this.#nowMs));
    } catch (error) {
      this.#fail(key, origin, failureOf(error), input);
      return;
    }
    if (step.events.length === 0 && from === undefined && reply === undefined) this.#unrecorded = offset;
    else this.#recordStep(key, origin, step, input);
  }

  /** Whether a relay has sent this before. What is new is remembered. */
  #isRepetition(offset: number, from: Stamp | undefined): boolean {
    if (from === undefined) return false;
    if (this.#sources.hasSeen(from)) {
      this.#unrecorded = offset;
      return true;
    }
    this.#sources.add(from);
    return false;
  }

  #origin(input: number, received: Received<Input> | undefined): Origin {
    return {
      input,
      ...(received?.from && { from: received.from }),
      ...(received?.reply && { reply: received.reply }),
    };
  }

  #entity(key: string): Entity<State> {
    const entity = this.#changed.get(key) ?? this.#fold.entities.get(key);
    if (entity === undefined) throw new Error(`expected "${key}" in memory, found nothing`);
    return entity;
  }

  #recordStep(key: string, origin: Origin, { events, after }: Step<State, Event>, input?: Input): void {
    if (events.length === 0) {
      this.#record(key, { ...origin, events }, input);
      return;
    }
    const one = this.#spell(key, { ...origin, events }, after);
    if (one.sizeBytes <= DECISION_BYTES_MAX) {
      this.#push(one, input);
      return;
    }
    const message = `the decision has ${one.sizeBytes} bytes, expected at most ${DECISION_BYTES_MAX}`;
    this.#fail(key, origin, { code: "too-large", message }, input);
  }

  /**
   * The domain says what happens instead of what could not be decided; where it says nothing, the input is rejected. Where
   * that was a time, its entity rests by that.
   */
  #fail(key: string, origin: Origin, failure: Failure, input?: Input): void {
    const instead = this.#failed(key, origin, failure, input);
    if (instead !== undefined) this.#push({ ...instead, failure }, input);
    else {
      const value = input === undefined ? "" : formatJson(input as unknown as Json);
      this.#record(key, { ...origin, events: [], rejected: rejectionOf(failure.message, value) }, input);
    }
  }

  #failed(key: string, origin: Origin, failure: Failure, input?: Input): Decided<State, Event, Input> | undefined {
    try {
      const before = this.#entity(key).state;
      const { events, after } = this.#step(before, this.#domain.fail(before, failure, this.#nowMs, input));
      if (events.length === 0) return undefined;
      const one = this.#spell(key, { ...origin, events }, after);
      return one.sizeBytes <= DECISION_BYTES_MAX ? one : undefined;
    } catch {
      return undefined;
    }
  }

  #record(key: string | null, decision: Omit<Decision<Event>, "atMs">, input?: Input): void {
    this.#push(this.#spell(key, decision), input);
  }

  #spell(key: string | null, decision: Omit<Decision<Event>, "atMs">, after?: State): Decided<State, Event, Input> {
    const { newest, beginning } = key === null ? {} : this.#entity(key);
    const place = {
      ...(newest !== undefined && { previous: newest }),
      ...(beginning !== undefined && beginning !== newest && { beginning }),
    };
    return spell(key, { ...decision, ...place, atMs: this.#nowMs }, after);
  }

  #push(one: Decided<State, Event, Input>, on?: Input): void {
    const { key, after: state, decision } = one;
    if (key !== null && state !== undefined) {
      const offset = this.#fold.position.facts + this.#decided.length;
      this.#changed.set(key, changedAt(this.#domain, this.#entity(key), { decision, offset, state }));
    }
    this.#decided.push(on === undefined ? one : { ...one, on });
    if (one.decision.input !== undefined) this.#unrecorded = undefined;
  }

  /** Events and the state that they lead to. What cannot be folded throws here, before anybody has written it down. */
  #step(before: State, events: readonly Event[]): Step<State, Event> {
    return { events, after: evolveAll(this.#domain, before, events, this.#nowMs) };
  }
}

/** A domain that sees early that its decision will be too large says so by the error's `code`. */
function failureOf(error: unknown): Failure {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  return { code: code === "too-large" ? code : "undecidable", message };
}
