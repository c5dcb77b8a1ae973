import { type Decision, formatJson, type Json, type Stamp } from "@antiphon/protocol";
import type { Commit } from "@antiphon/store";
import type { Answer, Domain } from "./domain.ts";
import { Entities, type EntityLimits } from "./entities.ts";
import { changedAt, copiedAt, resting } from "./entity.ts";
import { evolveAll } from "./evolve-all.ts";
import { Landmarks } from "./landmarks.ts";
import { Milestones } from "./milestones.ts";
import { Sources } from "./sources.ts";
import { type Ledger, readLedger, STORED_FORMAT } from "./stored.ts";

/** Where a fold stands: what it goes on from. */
export interface Position {
  /** The offset in the fact topic that the next decision will be expected at. */
  readonly facts: number;
  /** The offset in the input topic that is read next. */
  readonly inputs: number;
}

const LEDGER_KEY = "@ledger";

/**
 * A partition's state, folded up to `position`. Nothing here reads or writes: it is told, and asked.
 */
export class Fold<State, Input, Event> {
  /** By what its log, and the one of its inputs, are known again. */
  readonly landmarks: Landmarks;
  readonly entities: Entities<State>;
  /** Whether the store lists all that is alive by the offset from which its facts are needed. */
  readonly hasSince: boolean;
  readonly #domain: Domain<State, Input, Event>;
  readonly #milestones: Milestones;
  readonly #sources: Sources;
  #answers: { readonly offset: number; readonly answer: Answer }[] = [];
  #facts: number;
  #inputs: number;
  /** The newest copy of the partition says that all that is alive stands from here on. */
  #kept: number | undefined;
  /** It has begun where the log does, and the log does not begin with its first fact. */
  #isPartial: boolean;
  /** The position that the store is known to be at; null: it is empty. */
  #saved: number | null;
  /** The position that the store will be at if the commit that was prepared last comes through. */
  #committing: number | null = null;

  constructor(
    domain: Domain<State, Input, Event>,
    cachedMax: EntityLimits,
    saved: number | null,
    ledger: string | null,
    start: Position,
    retentionMs = Number.POSITIVE_INFINITY,
  ) {
    this.#domain = domain;
    this.entities = new Entities(domain, cachedMax);
    this.#saved = saved;
    const held = ledger === null ? undefined : readLedger(LEDGER_KEY, ledger);
    this.#facts = saved ?? start.facts;
    this.#inputs = held?.inputs ?? start.inputs;
    this.landmarks = new Landmarks(held);
    this.#sources = new Sources(held?.sources);
    this.#milestones = new Milestones(retentionMs, held?.milestones);
    this.hasSince = saved === null || held?.hasSince === true;
    this.#kept = held?.kept;
    this.#isPartial = saved === null && start.facts > 0;
  }

  static readonly ledgerKey = LEDGER_KEY;
  static storeKey = Entities.storeKey;

  get position(): Position {
    return { facts: this.#facts, inputs: this.#inputs };
  }

  /** All that is alive stands from this offset on in the log; undefined: nothing was ever copied forward. */
  get kept(): number | undefined {
    return this.#kept;
  }

  /** It was begun at the start of a log that does not begin with its first fact, and has not been folded to the end. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  /** The offset up to which facts are older than a time, or somewhat below. */
  olderThan(atMs: number): number {
    const { newest } = this.landmarks.state();
    return newest !== undefined && newest[1] <= atMs ? this.#facts : this.#milestones.offsetAt(atMs);
  }

  get savedPosition(): number | null {
    return this.#saved;
  }

  get committingPosition(): number | null {
    return this.#committing;
  }

  /** Whether more waits for the store than may. */
  exceeds(limits: EntityLimits): boolean {
    return this.#answers.length > limits.count || this.entities.exceeds(limits);
  }

  /** Whether the store knows everything, positions included. */
  get isSaved(): boolean {
    return this.#saved === this.#facts && !this.entities.hasStale;
  }

  /** Whether a relay's message has been taken in before. */
  hasSeen(from: Stamp): boolean {
    return this.#sources.hasSeen(from);
  }

  /** What has been taken in from relays, to be carried on by who decides a batch. */
  sources(): Sources {
    return this.#sources.copy();
  }

  /**
   * Takes in a fact, of so many units of text; if it cannot be folded, its position alone, and throws why. The entity it
   * is about must be in memory. `after` spares folding it again for who has just decided it.
   */
  apply(offset: number, key: string | null, decision: Decision<Event>, units: number, after?: State): void {
    this.#facts = offset + 1;
    this.landmarks.passFact(offset, decision.atMs);
    this.#milestones.pass(offset, decision.atMs);
    if (decision.input !== undefined) this.#inputs = decision.input + 1;
    if (decision.from !== undefined) this.#sources.add(decision.from);
    if (decision.rejected !== undefined) {
      this.#answerRejected(offset, decision);
      if (key !== null && decision.input === undefined) {
        this.entities.change(key, resting(this.entities.known(key), decision.atMs), units);
      }
      return;
    }
    if (key === null) {
      this.#applyToAll(decision);
      return;
    }
    const entity = this.entities.known(key);
    if (decision.checkpoint !== undefined) {
      const state = decision.checkpoint.state as State;
      this.entities.change(key, copiedAt(entity, decision, { offset, state }), units);
      return;
    }
    const before = entity.state;
    // The log begins in the middle of its life: a copy of it follows, if it is alive still.
    if (this.#isPartial && before === this.#domain.absent && decision.previous !== undefined) return;
    let state = before;
    if (decision.events.length > 0) {
      state = after ?? evolveAll(this.#domain, before, decision.events, decision.atMs);
      this.entities.change(key, changedAt(this.#domain, entity, { decision, offset, state }), units);
    }
    for (const answer of this.#domain.answers(key, decision, before, state)) this.#answers.push({ offset, answer });
  }

  /** What is said of no single entity: what the partition is, and which entities are forgotten; those must be in memory. */
  #applyToAll({ partition, forgotten = [] }: Decision<Event>): void {
    if (partition !== undefined) {
      this.#inputs = Math.max(this.#inputs, partition.inputs);
      this.#sources.addAll(partition.sources);
      this.#kept = Math.max(this.#kept ?? 0, partition.from);
    }
    for (const key of forgotten) {
      if (this.entities.known(key).state !== this.#domain.absent)
        this.entities.change(key, { state: this.#domain.absent }, 0);
    }
  }

  /** The log has been folded to its end: from here on every entity is known whole. */
  isWhole(): void {
    this.#isPartial = false;
  }

  /** The reader has moved past offsets that hold no facts. */
  skipTo(facts: number): void {
    this.#facts = Math.max(this.#facts, facts);
  }

  /** What the store needs to be at this fold's position, and what to call when it is. */
  prepareCommit(): { readonly commit: Commit; readonly done: () => readonly Answer[] } {
    const position = this.#facts;
    this.#committing = position;
    const { done: saved, ...commit } = this.entities.prepareCommit();
    const ledger: Ledger = {
      format: STORED_FORMAT,
      inputs: this.#inputs,
      sources: this.#sources.state(),
      ...this.landmarks.state(),
      milestones: this.#milestones.state(),
      ...(this.hasSince && { hasSince: true }),
      ...(this.#kept !== undefined && { kept: this.#kept }),
    };
    commit.values.set(LEDGER_KEY, formatJson(ledger as unknown as Json));
    const done = (): readonly Answer[] => {
      this.#saved = position;
      saved();
      const told = this.#answers.filter(({ offset }) => offset < position);
      this.#answers = this.#answers.filter(({ offset }) => offset >= position);
      return told.map(({ answer }) => answer);
    };
    return { commit: { expected: this.#saved, position, ...commit }, done };
  }

  #answerRejected(offset: number, { reply, rejected }: Decision<Event>): void {
    if (reply === undefined || rejected === undefined) return;
    const { gateway, request } = reply;
    const answer: Answer = { gateway, reply: { type: "RequestRejected", request, reason: rejected.reason } };
    this.#answers.push({ offset, answer });
  }
}
