import type { TopicSpec } from "@antiphon/log";
import type { Fetcher } from "./fetcher.ts";
import type { Publisher } from "./publish.ts";

const READ_RECORDS_MAX = 1_000;

/** With how many partitions each topic was made, kept in a topic of its own. */
export class Topology {
  readonly spec: TopicSpec;
  readonly #fetcher: Fetcher;
  readonly #publisher: Publisher;

  /** `topic` is the name, in Kafka, of the topic that holds the record. */
  constructor(topic: string, fetcher: Fetcher, publisher: Publisher) {
    this.spec = { name: topic, partitions: 1, retention: "compact" };
    this.#fetcher = fetcher;
    this.#publisher = publisher;
  }

  /** The recorded number of partitions, by topic. */
  async read(): Promise<ReadonlyMap<string, number>> {
    const recorded = new Map<string, number>();
    for (let from = 0, end = 1; from < end; ) {
      const chunk = await this.#fetcher.read(this.spec.name, 0, from, READ_RECORDS_MAX);
      for (const { key, value } of chunk.records) if (key !== null) recorded.set(key, Number(value));
      from = chunk.next;
      end = chunk.end;
    }
    return recorded;
  }

  async record(specs: readonly TopicSpec[]): Promise<void> {
    const topic = this.spec.name;
    await this.#publisher.publish(
      specs.map(({ name, partitions }) => ({ topic, key: name, value: String(partitions) })),
    );
  }
}
