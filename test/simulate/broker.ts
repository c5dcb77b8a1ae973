import { Growth, noSuchPartition, noSuchTopic, type TopicSpec } from "@antiphon/log";
import type { FetchedPartition, WireMessage, WireRecord } from "@antiphon/log-kafka/wire";
import type { World } from "./world.ts";

/** How much of a record is told. */
const TOLD_CHARS_MAX = 200;

/** A partition as the brokers have it: whatever landed there, whether it counts for readers or not. */
interface Partition {
  readonly records: WireRecord[];
  /** What lies below has been deleted. */
  start: number;
  readonly growth: Growth;
  /** Nobody leads it until then. */
  leaderlessUntilMs: number;
}

/** The brokers: they append what they are sent, as often as they are sent it, and know nothing of what it means. */
export class Broker {
  readonly #world: World;
  readonly #topics = new Map<string, readonly Partition[]>();

  constructor(world: World) {
    this.#world = world;
  }

  get topics(): readonly string[] {
    return [...this.#topics.keys()];
  }

  create({ name, partitions }: Pick<TopicSpec, "name" | "partitions">): void {
    if (this.#topics.has(name)) return;
    const made = Array.from({ length: partitions }, () => {
      return { records: [], start: 0, growth: new Growth(), leaderlessUntilMs: 0 };
    });
    this.#topics.set(name, made);
  }

  partitions(topic: string): number | undefined {
    return this.#topics.get(topic)?.length;
  }

  growth(topic: string, partition: number): Growth {
    return this.#place(topic, partition).growth;
  }

  end(topic: string, partition: number): number {
    return this.#place(topic, partition).records.length;
  }

  start(topic: string, partition: number): number {
    return this.#place(topic, partition).start;
  }

  truncate(topic: string, partition: number, before: number): void {
    const place = this.#place(topic, partition);
    place.start = Math.max(place.start, Math.min(before, place.records.length));
    this.#world.tell(() => `${topic}/${partition} begins at ${place.start}`);
  }

  /** Appends a batch, whole, and answers with the offset of its first record. */
  produce(topic: string, partition: number, messages: readonly WireMessage[]): number {
    const { records, growth } = this.#place(topic, partition);
    const base = records.length;
    messages.forEach(({ key, value, headers }, i) => {
      records.push({
        offset: String(base + i),
        timestamp: String(this.#world.nowMs),
        key: key === null ? null : Buffer.from(key),
        value: value === null ? null : Buffer.from(value),
        headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
      });
    });
    this.#world.tell(() => `${topic}/${partition} at ${base}: ${messages.map(brief).join("; ")}`);
    growth.happened();
    return base;
  }

  fetch(topic: string, partition: number, from: number, max: number): FetchedPartition {
    const { records, start } = this.#place(topic, partition);
    const first = Math.max(from, start);
    return { partition, highWatermark: String(records.length), messages: records.slice(first, first + max) };
  }

  /** Until it has another leader, nobody reaches a partition. */
  loseLeader(topic: string, partition: number, ms: number): void {
    this.#place(topic, partition).leaderlessUntilMs = this.#world.nowMs + ms;
  }

  isReachable(topic: string, partition: number): boolean {
    return this.#world.isCalm || this.#place(topic, partition).leaderlessUntilMs <= this.#world.nowMs;
  }

  #place(topic: string, partition: number): Partition {
    const partitions = this.#topics.get(topic);
    if (partitions === undefined) throw noSuchTopic(topic);
    const place = partitions[partition];
    if (place === undefined) throw noSuchPartition(topic, partition, partitions.length);
    return place;
  }
}

function brief({ key, value }: WireMessage): string {
  const text = value ?? "nothing";
  return `${key ?? ""} ${text.length > TOLD_CHARS_MAX ? `${text.slice(0, TOLD_CHARS_MAX)}…` : text}`.trim();
}
