import { Sources } from "@antiphon/processor";
import type { Decision, Stamp } from "@antiphon/protocol";

/** What a partition has taken in from relays, by the part of its log that is there. */
export class Intake {
  readonly #sources = new Sources();
  /** By source: the first place that the log has. What came before it was taken in earlier. */
  readonly #first = new Map<string, Place>();

  take({ from, partition }: Decision<unknown>): void {
    if (from !== undefined) {
      this.#begin(`${from.topic}/${from.partition}`, [from.offset, from.index]);
      this.#sources.add(from);
    }
    for (const [source, [offset, index]] of Object.entries(partition?.sources ?? {})) {
      // What the partition had taken in by then, and the log does not have.
      this.#begin(source, [offset, index + 1]);
      const slash = source.lastIndexOf("/");
      this.#sources.add({ topic: source.slice(0, slash), partition: Number(source.slice(slash + 1)), offset, index });
    }
  }

  /** Whether it has taken something in as new from a record. */
  hasTaken(record: Pick<Stamp, "topic" | "partition" | "offset">): boolean {
    return this.#sources.hasSeen({ ...record, index: 0 });
  }

  /** Whether it has done so before its log begins, if that is cut off. */
  tookBefore({ topic, partition, offset }: Pick<Stamp, "topic" | "partition" | "offset">): boolean {
    const first = this.#first.get(`${topic}/${partition}`);
    return first !== undefined && (offset < first[0] || (offset === first[0] && first[1] > 0));
  }

  #begin(source: string, place: Place): void {
    if (!this.#first.has(source)) this.#first.set(source, place);
  }
}

type Place = readonly [offset: number, index: number];
