import type { Fact, Log } from "@antiphon/log";
import { topics } from "@antiphon/protocol";

/** How many records are read at first, and at once at most. */
export const FIRST_READ = 64;
export const READ_MAX = 2_000;
/** The most characters that a read may be expected to bring. */
export const READ_CHARS_MAX = 4_000_000;
/** Where the decisions of an instance are further apart than this, each is read by itself. */
export const APART_MAX = 100;

/**
 * Records of history for a reader that goes back from one decision of an instance to the one before it. Those in between are
 * read along, as many as are likely to hold what is wanted: by how far the decisions have been apart, and how long the records.
 */
export class RecordsBack {
  readonly #log: Pick<Log, "read">;
  readonly #partition: number;
  #wanted: number;
  #block = new Map<number, Fact>();
  /** The offset from which on the block has all there is, and the one that is not in it any more. */
  #from = 0;
  #to = 0;
  #chars = 0;
  /** Of the newest and the oldest decision that was looked at, and how many steps lie between. */
  #first: number | undefined;
  #oldest = 0;
  #steps = 0;

  constructor(log: Pick<Log, "read">, partition: number, wanted: number) {
    this.#log = log;
    this.#partition = partition;
    this.#wanted = wanted;
  }

  /** So many more decisions are wanted than was said. */
  want(more: number): void {
    this.#wanted += more;
  }

  /** The record at an offset; undefined if there is none. */
  async at(offset: number): Promise<Fact | undefined> {
    if (offset < this.#from || offset >= this.#to) await this.#read(offset);
    return this.#block.get(offset);
  }

  /** A decision of the instance has been found; the one before it is at `previous`. */
  decided(offset: number, previous: number | undefined): void {
    this.#first ??= offset;
    this.#oldest = previous ?? offset;
    this.#steps += 1;
    this.#wanted -= 1;
  }

  async #read(offset: number): Promise<void> {
    const from = Math.max(0, offset + 1 - this.#span());
    const block = new Map<number, Fact>();
    let chars = 0;
    for (let next = from; next <= offset; ) {
      const batch = await this.#log.read(topics.history, this.#partition, next, offset + 1 - next);
      for (const record of batch.records) {
        block.set(record.offset, record);
        chars += record.value?.length ?? 0;
      }
      if (batch.next <= next) break;
      next = batch.next;
    }
    this.#block = block;
    this.#from = from;
    this.#to = offset + 1;
    this.#chars = block.size === 0 ? 0 : chars / block.size;
  }

  #span(): number {
    if (this.#first === undefined) return Math.max(1, Math.min(this.#wanted, FIRST_READ));
    const apart = (this.#first - this.#oldest) / this.#steps;
    if (apart > APART_MAX) return 1;
    // Some more than on average, as those to come may be further apart.
    const span = Math.ceil(apart * Math.max(1, this.#wanted) * 1.5) + 1;
    const fit = this.#chars === 0 ? READ_MAX : Math.floor(READ_CHARS_MAX / this.#chars);
    return Math.max(1, Math.min(span, READ_MAX, fit));
  }
}
