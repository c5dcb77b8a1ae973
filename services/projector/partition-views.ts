import type { Batch, Fact } from "@antiphon/log";
import type { Ports } from "@antiphon/processor";
import type { Space } from "@antiphon/store";
import { type Change, changesOf, project, type Removal, type ViewedTopic, viewSpace } from "@antiphon/views";
import type { PartitionMetrics } from "./partition-metrics.ts";

/** How many records are folded in one commit at most. */
const RECORDS_MAX = 500;

/** The store is not where these views left it: somebody else wrote, or it lost what it held. */
export class StoreMovedError extends Error {
  override readonly name = "StoreMovedError";
}

export type PartitionPorts = Pick<Ports, "log" | "store" | "logger">;

/** The views of one partition in the store, and the position from which they go on. */
export class PartitionViews {
  readonly #ports: PartitionPorts;
  readonly #topic: ViewedTopic;
  readonly #partition: number;
  readonly #space: Space;
  readonly #metrics: PartitionMetrics | undefined;
  /** The position that the store is at; null: it holds nothing. */
  #saved: number | null;
  #next: number;

  private constructor(
    ports: PartitionPorts,
    topic: ViewedTopic,
    partition: number,
    saved: number | null,
    start: number,
    metrics: PartitionMetrics | undefined,
  ) {
    this.#ports = ports;
    this.#topic = topic;
    this.#partition = partition;
    this.#space = viewSpace(topic, partition);
    this.#metrics = metrics;
    this.#saved = saved;
    this.#next = saved ?? start;
  }

  /**
   * Views as the store holds them; from the log's start if it holds none, none of this log, or those of a time that the log
   * has forgotten: what was deleted since then is known by what was copied forward, which tells nothing of what had ended.
   */
  static async open(
    ports: PartitionPorts,
    topic: ViewedTopic,
    partition: number,
    metrics?: PartitionMetrics,
  ): Promise<PartitionViews> {
    const { store } = ports;
    const space = viewSpace(topic, partition);
    // The store first: what it holds was in the log before.
    let { position } = await store.load(space, []);
    const { start, end } = await ports.log.bounds(topic, partition);
    if (position !== null && (position > end || position < start)) {
      ports.logger.warn(
        { topic, partition, position, start, end },
        "views are made anew: the log does not hold what comes next",
      );
      await store.wipe(space);
      position = null;
    }
    await metrics?.opened(store, position, end);
    return new PartitionViews(ports, topic, partition, position, start, metrics);
  }

  /** The offset of the record that is folded next. */
  get next(): number {
    return this.#next;
  }

  /** Folds records in; throws `StoreMovedError` if the store is elsewhere. */
  async take({ records, next }: Batch): Promise<void> {
    for (let i = 0; i < records.length; i += RECORDS_MAX) {
      const part = records.slice(i, i + RECORDS_MAX);
      const following = records[i + RECORDS_MAX];
      await this.#commit(part, following === undefined ? next : following.offset);
    }
    if (next > this.#next) await this.#commit([], next);
  }

  /** Takes rows away, whatever the log says of them; throws `StoreMovedError` if the store is elsewhere. */
  async remove(removal: Removal): Promise<void> {
    const position = this.#saved;
    if (position === null || removal.values.size === 0) return;
    const outcome = await this.#ports.store.commit(this.#space, { expected: position, position, ...removal });
    if (outcome === "conflict") throw new StoreMovedError(`the store is not at ${position} any more`);
    this.#metrics?.committed([], removal);
  }

  /** Throws `StoreMovedError` if the store is not where it was left. */
  async check(): Promise<void> {
    const { position } = await this.#ports.store.load(this.#space, []);
    this.#assertAt(position);
  }

  async #commit(records: readonly Fact[], position: number): Promise<void> {
    const { store } = this.#ports;
    const read = records.map((record) => ({ offset: record.offset, changes: this.#read(record) }));
    const changes = read.flatMap((record) => record.changes);
    const keys = [...new Set(changes.map(({ key }) => key))];
    const held = await store.load(this.#space, keys);
    this.#assertAt(held.position);
    const rows = new Map(keys.map((key, i) => [key, held.values[i] ?? null]));
    const projected = project(changes, rows);
    const outcome = await store.commit(this.#space, { expected: this.#saved, position, ...projected });
    if (outcome === "conflict") throw new StoreMovedError(`the store is not at ${this.#saved} any more`);
    this.#metrics?.committed(read, projected);
    this.#saved = position;
    this.#next = position;
  }

  /** One record that nobody can read stops no other. */
  #read(record: Fact): readonly Change[] {
    try {
      return changesOf(this.#topic, record);
    } catch (error) {
      const place = { topic: this.#topic, partition: this.#partition, offset: record.offset };
      this.#ports.logger.error({ err: error, ...place }, "a record is in no view: it cannot be read");
      return [];
    }
  }

  #assertAt(position: number | null): void {
    if (position !== this.#saved) throw new StoreMovedError(`the store is at ${position}, expected ${this.#saved}`);
  }
}
