import { assertPartitions } from "@antiphon/log";

/** How many partitions the machine's own topics were ensured with. Keys would go elsewhere by any other number. */
export class EnsuredTopics {
  readonly #partitions = new Map<string, number>();

  add(topic: string, partitions: number): void {
    this.#partitions.set(topic, partitions);
  }

  /** Throws `TopicMismatchError` if the topic was ensured with another number of partitions; one that was not may have any. */
  assert(topic: string, found: number): void {
    const expected = this.#partitions.get(topic);
    if (expected !== undefined) assertPartitions(topic, expected, found);
  }
}
