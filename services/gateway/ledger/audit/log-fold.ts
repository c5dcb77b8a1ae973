import { setImmediate } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import { type Bucket, emptyBucket, evolve } from "@antiphon/correlation";
import type { Fact, Log } from "@antiphon/log";
import { type CorrelationEvent, eventIn, type InstanceEvent, readDecision, refOf, topics } from "@antiphon/protocol";
import {
  type Change,
  changesOf,
  type DeadLetterRow,
  eventKey,
  evolveDeadLetter,
  evolveInstance,
  evolveLedger,
  type InstanceRow,
  type LedgerRow,
  type ViewedTopic,
  viewedTopics,
  viewSpace,
} from "@antiphon/views";
import { Problem } from "../../http/problem.ts";
import { Copies } from "./copies.ts";
import type { Disagreement } from "./disagreement.ts";
import { InputEvents } from "./input-events.ts";
import { OnTheWay } from "./on-the-way.ts";
import { PendingActions } from "./pending-actions.ts";

/** What is kept in memory of a record that is folded, in bytes: 700 were measured, at four records an event. */
const RECORD_BYTES = 1_000;
const READ_AT_ONCE = 1_000;

type ReadLog = Pick<Log, "read" | "bounds">;

/** Everything that follows from the logs, folded from their start by the same code that folds it for the store. */
export class LogFold {
  readonly partitions: number;
  /** Those that have not ended. */
  readonly instances = new Map<string, InstanceRow>();
  readonly ended = new Set<string>();
  readonly buckets = new Map<string, Bucket>();
  /** By event: what each space of the views says of it. */
  readonly ledger = new Map<string, Map<string, LedgerRow>>();
  readonly letters = new Map<string, DeadLetterRow>();
  readonly onTheWay: OnTheWay;
  readonly inputs: InputEvents;
  readonly actions = new PendingActions();
  /** Events of inputs that could not be decided: they are accounted for by the letter that becomes of them. */
  readonly rejected = new Set<string>();
  /** Those of which a copy says that they are held. */
  readonly copiedEvents = new Set<string>();
  readonly #copies = { [topics.history]: new Copies(), [topics.correlations]: new Copies() };
  /** Logs that do not begin at 0, and spaces of their views. */
  readonly #cutOff = new Set<string>();
  readonly #log: ReadLog;
  readonly #recordsMax: number;
  readonly #positions = new Map<string, number>();
  #records = 0;

  /** Folds `recordsMax` records and no more; a 422 if the logs have more. */
  constructor(log: ReadLog, partitions: number, recordsMax = recordsThatFit()) {
    this.partitions = partitions;
    this.#recordsMax = recordsMax;
    this.onTheWay = new OnTheWay(partitions);
    this.inputs = new InputEvents(log, partitions);
    this.#log = log;
  }

  /** Up to where each log has been folded, by `{topic}/{partition}`. */
  get positions(): ReadonlyMap<string, number> {
    return this.#positions;
  }

  /** Copies that say something else than the facts before them. */
  get disagreements(): readonly Disagreement[] {
    return Object.values(this.#copies).flatMap(({ disagreements }) => disagreements);
  }

  /** The instances, or the keys, that a record is about. */
  known(topic: typeof topics.history | typeof topics.correlations): Pick<Copies, "has"> {
    return this.#copies[topic];
  }

  /** Whether records of a log, `{topic}/{partition}`, or of the one that a space's views are of, have been deleted. */
  isCutOff(place: string): boolean {
    return this.#cutOff.has(place);
  }

  /**
   * Folds on to the ends that the logs have now. The ends of what follows are read before the ends of what it follows
   * from, so that everything which is found there has its cause here.
   */
  async advance(): Promise<void> {
    const ends = new Map<string, number>();
    for (const topic of viewedTopics.toReversed()) {
      for (let partition = 0; partition < this.partitions; partition++) {
        const { start, end } = await this.#log.bounds(topic, partition);
        ends.set(`${topic}/${partition}`, end);
        if (this.#positions.has(`${topic}/${partition}`)) continue;
        this.#positions.set(`${topic}/${partition}`, start);
        if (start > 0) this.#cutOff.add(`${topic}/${partition}`).add(viewSpace(topic, partition));
      }
    }
    for (const topic of viewedTopics) {
      for (let partition = 0; partition < this.partitions; partition++) {
        await this.#readTo(topic, partition, ends.get(`${topic}/${partition}`) ?? 0);
      }
    }
    await this.inputs.advance();
    this.onTheWay.settle((partition) => this.isCutOff(`${topics.history}/${partition}`));
  }

  async #readTo(topic: ViewedTopic, partition: number, end: number): Promise<void> {
    const place = `${topic}/${partition}`;
    for (let next = this.#positions.get(place) ?? 0; next < end; ) {
      // A log in this process answers without a turn for anybody else, and requests are waiting.
      await setImmediate();
      const batch = await this.#log.read(topic, partition, next, READ_AT_ONCE);
      const records = batch.records.filter(({ offset }) => offset < end);
      this.#records += records.length;
      if (this.#records > this.#recordsMax) {
        const expected = `at most ${this.#recordsMax} records, which half of this process's memory is enough for`;
        throw new Problem(422, "too-much-to-audit", `the logs: expected ${expected}, found more`);
      }
      for (const record of records) this.#take(topic, partition, record);
      next = Math.min(batch.next, end);
      this.#positions.set(place, next);
    }
  }

  /** A record that nobody can read is nothing to anybody. */
  #take(topic: ViewedTopic, partition: number, record: Fact): void {
    try {
      const changes = changesOf(topic, record);
      if (topic === topics.history) this.#takeHistory(partition, record);
      if (topic === topics.correlations) this.#takeCorrelations(partition, record);
      for (const change of changes) this.#change(viewSpace(topic, partition), change);
    } catch {
      return;
    }
  }

  #takeHistory(partition: number, { offset, key, value }: Fact): void {
    const decision = readDecision<InstanceEvent>(value);
    const isCutOff = this.isCutOff(`${topics.history}/${partition}`);
    this.inputs.handled(topics.commands, partition, decision, isCutOff);
    this.#reject(decision.rejected?.value);
    this.onTheWay.takeHistory(partition, { offset, key, decision });
    this.actions.takeHistory({ offset, key, decision });
    if (key === null) return;
    this.#copies[topics.history].meet(key, decision, isCutOff);
    // One that began before the log does has no row here, nor needs one.
    const isOver = decision.events.some(({ type }) => type === "InstanceCompleted" || type === "InstanceAborted");
    if (isOver) this.ended.add(key);
  }

  #takeCorrelations(partition: number, { offset, key, value }: Fact): void {
    const decision = readDecision<CorrelationEvent>(value);
    const isCutOff = this.isCutOff(`${topics.correlations}/${partition}`);
    this.inputs.handled(topics.correlation, partition, decision, isCutOff);
    this.#reject(decision.rejected?.value);
    this.onTheWay.takeCorrelations(partition, { offset, key, decision });
    if (key === null) return;
    const { events, atMs, checkpoint } = decision;
    this.#copies[topics.correlations].meet(key, decision, isCutOff);
    if (events.length === 0 && checkpoint === undefined) return;
    const before = this.buckets.get(key) ?? emptyBucket;
    const after =
      checkpoint === undefined
        ? events.reduce((bucket, event) => evolve(bucket, small(event), atMs), before)
        : this.#copies[topics.correlations].bucket(key, checkpoint.state as unknown as Bucket, before);
    if (after === emptyBucket) this.buckets.delete(key);
    else this.buckets.set(key, after);
  }

  #reject(value: string | undefined): void {
    const event = value === undefined ? undefined : eventIn(value);
    if (event !== undefined) this.rejected.add(eventKey(event));
  }

  #change(space: string, change: Change): void {
    switch (change.kind) {
      case "instance":
        this.#changeInstance(change);
        break;
      case "event": {
        const rows = this.ledger.get(change.key) ?? new Map<string, LedgerRow>();
        rows.set(space, evolveLedger(rows.get(space), change));
        this.ledger.set(change.key, rows);
        if (change.isCopy) this.copiedEvents.add(change.key);
        break;
      }
      case "dead-letter": {
        const row = evolveDeadLetter(this.letters.get(change.key), change);
        if (row !== undefined) this.letters.set(change.key, row);
      }
    }
  }

  #changeInstance(change: Extract<Change, { kind: "instance" }>): void {
    const id = change.key.slice(change.key.indexOf("/") + 1);
    const before = this.instances.get(id);
    if (change.state !== undefined) this.#copies[topics.history].instance(id, change.state, before);
    // Copied after its end: that is told, and counts for nothing.
    if (change.state !== undefined && this.ended.has(id)) return;
    const row = evolveInstance(before, change);
    if (change.isForgotten) this.ended.delete(id);
    if (row === undefined) return;
    if (row.status === "active" || row.status === "faulted") {
      this.instances.set(id, row);
    } else {
      this.instances.delete(id);
      this.ended.add(id);
    }
  }
}

/** What an event that is held says is of no matter here, and may be long. */
function small(fact: CorrelationEvent): CorrelationEvent {
  return fact.type === "EventHeld" ? { ...fact, event: { specversion: "1.0", ...refOf(fact.event) } } : fact;
}

function recordsThatFit(): number {
  return Math.floor(getHeapStatistics().heap_size_limit / 2 / RECORD_BYTES);
}
