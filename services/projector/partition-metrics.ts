import { topics } from "@antiphon/protocol";
import type { Store } from "@antiphon/store";
import { type Change, lists, type project, type ViewedTopic, viewSpace } from "@antiphon/views";
import type { Counter } from "prom-client";

/** How many lines are read at once to count them. */
const COUNT_AT_ONCE = 1_000;

/** Lists whose lengths are told. */
const COUNTED: Readonly<Partial<Record<ViewedTopic, readonly string[]>>> = {
  [topics.history]: [lists.waits, lists.eventsHeld],
  [topics.correlations]: [lists.eventsHeld],
};

/** What a record says, and where it stands. */
export interface ReadRecord {
  readonly offset: number;
  readonly changes: readonly Change[];
}

interface PartitionMetricsOptions {
  readonly topic: ViewedTopic;
  readonly partition: number;
  readonly events: Counter<"disposition">;
  readonly over: () => void;
}

/** What is counted of one partition while this process keeps its views. */
export class PartitionMetrics implements Disposable {
  readonly #options: PartitionMetricsOptions;
  readonly #lines = new Map<string, number>();
  /** Records below were counted, by this process or by another one: views that are made again are not. */
  #countedTo: number | undefined;

  constructor(options: PartitionMetricsOptions) {
    this.#options = options;
  }

  get topic(): ViewedTopic {
    return this.#options.topic;
  }

  get partition(): number {
    return this.#options.partition;
  }

  /** How long a list is, as far as this partition goes. */
  lines(index: string): number {
    return this.#lines.get(index) ?? 0;
  }

  /** The views begin (again) from what the store holds; `end` is the end of the log. */
  async opened(store: Pick<Store, "scan">, position: number | null, end: number): Promise<void> {
    this.#countedTo ??= position ?? end;
    const { topic, partition } = this.#options;
    for (const index of COUNTED[topic] ?? []) {
      this.#lines.set(index, await countLines(store, viewSpace(topic, partition), index));
    }
  }

  /** The store holds what some more records say. */
  committed(records: readonly ReadRecord[], { added, removed }: ReturnType<typeof project>): void {
    for (const { index } of added) this.#count(index, 1);
    for (const { index } of removed) this.#count(index, -1);
    for (const { offset, changes } of records) {
      if (offset < (this.#countedTo ?? 0)) continue;
      this.#countedTo = offset + 1;
      for (const change of changes) if (!("isCopy" in change)) this.#countEvent(change);
    }
  }

  [Symbol.dispose](): void {
    this.#options.over();
  }

  #count(index: string, more: number): void {
    const count = this.#lines.get(index);
    if (count !== undefined) this.#lines.set(index, count + more);
  }

  /** What a dead letter says of an event has been said before by the fact that it follows from, unless it follows from none. */
  #countEvent(change: Change): void {
    const { topic, events } = this.#options;
    if (change.kind === "event" && topic !== topics.deadLetters && change.entry.isOnItsWay === undefined) {
      events.inc({ disposition: change.entry.disposition });
    }
    if (change.kind !== "dead-letter" || !("row" in change)) return;
    const { event, direction, disposition, from } = change.row;
    const follows = from.topic === topics.history || from.topic === topics.correlations;
    if (event !== undefined && direction === undefined && !follows) events.inc({ disposition });
  }
}

async function countLines(store: Pick<Store, "scan">, space: string, index: string): Promise<number> {
  let count = 0;
  let after: string | undefined;
  for (;;) {
    const range = { limit: COUNT_AT_ONCE, ...(after !== undefined && { after }) };
    const lines = await store.scan(space, index, range);
    count += lines.length;
    after = lines.at(-1);
    if (lines.length < COUNT_AT_ONCE) return count;
  }
}
