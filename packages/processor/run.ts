import { setImmediate } from "node:timers/promises";
import type { Decision } from "@antiphon/protocol";
import { Alarm } from "./alarm.ts";
import { Bell } from "./bell.ts";
import { chunks } from "./chunks.ts";
import { type Decided, decideBatch } from "./decide-batch.ts";
import type { Domain, Failure } from "./domain.ts";
import { DueTimes } from "./due-times.ts";
import type { Fold } from "./fold.ts";
import { ForgetError } from "./forget.ts";
import { Inbox } from "./inbox.ts";
import { type Item, keyOf, prepare, readItem } from "./item.ts";
import { Keeper } from "./keeper.ts";
import { LineLimit } from "./line-limit.ts";
import { checkPosition, load } from "./load.ts";
import { followLog } from "./lost-log.ts";
import type { Ports, Retention } from "./ports.ts";
import { catchUp, checkInputs, openFold, UNSAVED_MAX } from "./restore.ts";
import { StoreWriter } from "./store-writer.ts";
import type { UnreadableStoreError } from "./stored.ts";

/** How many inputs are decided together at most. */
const INPUTS_MAX = 500;
/**
 * How long a turn begins further decisions, milliseconds. Then the rest of its process goes on; what the turn did not
 * come to is first in the next one.
 */
export const TURN_MS_MAX = 100;
/** How often a partition looks whether the store still holds what it was given; readers depend on it. */
const CHECK_MS = 1_000;
/** From one restore to the next. */
export class Run<State, Input, Event> {
  readonly #domain: Domain<State, Input, Event>;
  readonly #ports: Ports;
  readonly #partition: number;
  readonly #retention: Retention | undefined;
  readonly #space: string;
  readonly #bell = new Bell();
  readonly #checkup: Alarm;
  readonly #keeping: Alarm;
  /** Absent: the log is kept for good. */
  #keeper: Keeper<State, Input, Event> | undefined;
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  #fold!: Fold<State, Input, Event>;
  #writer!: StoreWriter;
  #dueTimes!: DueTimes<State, Input, Event>;
  #hasAppended = false;
  /** Of failures: a family of instances that runs away has one for each start that is refused. */
  readonly #lines: LineLimit;
  /** What the last turn did not come to. */
  #left: readonly Item<Input>[] = [];

  constructor(
    domain: Domain<State, Input, Event>,
    ports: Ports,
    partition: number,
    signal: AbortSignal,
    retention?: Retention,
  ) {
    this.#domain = domain;
    this.#ports = ports;
    this.#lines = new LineLimit(() => ports.clock.steady());
    this.#partition = partition;
    this.#retention = retention;
    this.#space = `${domain.factTopic}/${partition}`;
    this.#checkup = new Alarm(ports.clock, this.#bell, "steady");
    this.#keeping = new Alarm(ports.clock, this.#bell, "steady");
    this.#signal = AbortSignal.any([signal, this.#over.signal]);
    this.#signal.addEventListener("abort", () => this.#bell.ring());
  }

  /** Whether anything was decided and appended in this run. */
  get hasAppended(): boolean {
    return this.#hasAppended;
  }

  async restore(): Promise<void> {
    this.#fold = await openFold(this.#domain, this.#ports, this.#space, this.#partition, this.#retention);
    this.#writer = new StoreWriter(this.#ports, this.#space, this.#fold as Fold<unknown, unknown, unknown>, this.#bell);
    this.#dueTimes = new DueTimes(this.#domain, this.#ports, this.#space, this.#fold, this.#writer, this.#bell);
    await catchUp(this.#domain, this.#ports, this.#space, this.#partition, this.#fold, this.#writer);
    await checkInputs(this.#domain, this.#ports, this.#partition, this.#fold);
    this.#writer.kick();
    if (this.#retention === undefined || !this.#fold.hasSince) return;
    this.#keeper = new Keeper(this.#domain, this.#ports, this.#retention, this.#partition, this.#fold, this.#bell);
  }

  /** The store is of no use. What it holds is a fold of the log, which is folded again. */
  async wipe(reason: UnreadableStoreError): Promise<void> {
    const { store, logger } = this.#ports;
    logger.error(
      { err: reason, space: this.#space },
      "the store cannot be read: it is emptied, and the log folded anew",
    );
    await store.wipe(this.#space).catch((error: unknown) => {
      logger.warn({ err: error, space: this.#space }, "the store could not be emptied");
    });
  }

  /** `sound` is called after each turn: what there was to do could be done. */
  async follow(sound: () => void): Promise<void> {
    const { log, clock } = this.#ports;
    const { inputTopic: topic } = this.#domain;
    const place = { topic, partition: this.#partition, from: this.#fold.position.inputs };
    const tail = followLog(log, place, { signal: this.#signal });
    const inputs = new Inbox(tail, this.#bell);
    this.#checkup.advance(clock.steady() + CHECK_MS);
    while (!this.#signal.aborted) {
      this.#writer.check();
      await this.#checkStore();
      await this.#dueTimes.readNext();
      const more = inputs.take(Math.max(0, INPUTS_MAX - this.#left.length));
      const items: Item<Input>[] = [...this.#left, ...more.map((fact) => readItem(this.#domain, fact))];
      if (this.#dueTimes.reached) {
        const keys = await this.#dueTimes.take(clock.now());
        items.push(...keys.map((key) => ({ kind: "due", key }) as const));
      }
      if (items.length > 0) await this.#decide(items);
      this.#fold.landmarks.passInputs(more, this.#fold.position.inputs);
      const hasKept = await this.#keep();
      sound();
      if (items.length > 0 || hasKept) continue;
      if (inputs.isOver) return;
      await this.#bell.wait();
    }
  }

  async stop(): Promise<void> {
    this.#over.abort();
    this.#dueTimes?.[Symbol.dispose]();
    this.#checkup.clear();
    this.#keeping.clear();
    await this.#writer?.settle();
  }

  async #decide(items: readonly Item<Input>[]): Promise<void> {
    const { store, clock } = this.#ports;
    const keys = items.flatMap((item) => keyOf(item) ?? []);
    await load(store, this.#space, this.#fold, keys);
    const stateOf = (key: string): State => this.#fold.entities.get(key)?.state ?? this.#domain.absent;
    const prepared = await prepare(this.#domain, items, stateOf);
    const beganMs = clock.now();
    const isOver = () => clock.now() - beganMs >= TURN_MS_MAX;
    const { decided, left } = decideBatch(this.#domain, this.#fold, prepared, beganMs, isOver);
    this.#left = left;
    for (const chunk of chunks(decided)) await this.#append(chunk);
    this.#fold.entities.trim();
    this.#writer.kick();
    // An append need not wait for anything, and others have waited long enough: also where what was decided goes on at once.
    if (left.length > 0 || this.#dueTimes.reached) await setImmediate();
    while (this.#fold.exceeds(UNSAVED_MAX) && !this.#signal.aborted) {
      this.#writer.check();
      await this.#bell.wait();
    }
  }

  /** What is alive is copied forward where it is time. Answers whether anything was. */
  async #keep(): Promise<boolean> {
    const keeper = this.#keeper;
    if (keeper === undefined) return false;
    const { keys } = keeper;
    if (keys.length > 0) await load(this.#ports.store, this.#space, this.#fold, keys);
    const decided = keeper.take(this.#ports.clock.now());
    for (const chunk of chunks(decided)) await this.#append(chunk);
    if (decided.length > 0) this.#writer.kick();
    keeper.look();
    this.#keeping.clear();
    this.#keeping.advance(keeper.nextMs);
    return decided.length > 0;
  }

  async #append(chunk: readonly Decided<State, Event, Input>[]): Promise<void> {
    const at = this.#fold.position.facts;
    const records = chunk.map(({ record }) => record);
    const appended = await this.#ports.log.append(this.#domain.factTopic, this.#partition, records, { at });
    if (appended.status === "conflict") throw new ForgetError("conflict", `somebody else wrote at ${at}`);
    this.#hasAppended = true;
    chunk.forEach(({ key, decision, record, after, on, failure }, i) => {
      this.#fold.apply(at + i, key, decision, record.value?.length ?? 0, after);
      this.#domain.appended?.(key, decision, after, on);
      if (failure !== undefined) this.#tellFailure(key, at + i, decision, failure);
      const entity = key === null ? undefined : this.#fold.entities.get(key);
      if (entity !== undefined) this.#dueTimes.changed(entity);
    });
    this.#fold.skipTo(appended.next);
  }

  #tellFailure(key: string | null, offset: number, { input }: Decision<Event>, { code, message }: Failure): void {
    const leftOut = this.#lines.take(code);
    if (leftOut === undefined) return;
    const { inputTopic, factTopic: topic } = this.#domain;
    const details = {
      topic,
      partition: this.#partition,
      offset,
      key,
      ...(input !== undefined && { inputTopic, input }),
      ...(leftOut > 0 && { leftOut }),
    };
    this.#ports.logger.warn({ ...details, code, reason: message }, "what could not be decided ended as a failure");
  }

  async #checkStore(): Promise<void> {
    if (!this.#checkup.reached) return;
    this.#checkup.clear();
    await checkPosition(this.#ports.store, this.#space, this.#fold);
    this.#checkup.advance(this.#ports.clock.steady() + CHECK_MS);
  }
}
