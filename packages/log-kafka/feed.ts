import { type Batch, Growth } from "@antiphon/log";
import type { Chunk } from "./facts.ts";

/** What a feed keeps of the newest facts, so that all who keep up read from memory. */
export const FEED_RECORDS_MAX = 2_000;
export const FEED_CHUNKS_MAX = 1_000;
/** The most bytes that a feed keeps, and that all feeds of a log keep together, each an equal share. */
export const FEED_BYTES_MAX = 8_000_000;
export const FEEDS_BYTES_MAX = 128_000_000;

/** How many bytes each of so many feeds may keep. */
export function feedShare(feeds: number): number {
  return Math.min(FEED_BYTES_MAX, Math.floor(FEEDS_BYTES_MAX / Math.max(1, feeds)));
}

/** The newest stretch of one partition that somebody follows, in memory: chunk after chunk without a gap. */
export class Feed {
  readonly topic: string;
  readonly partition: number;
  readonly growth = new Growth();
  /** The offset to fetch from next; undefined until a reader has found the end. */
  position: number | undefined;
  /** How many readers follow it. */
  readers = 0;
  /** How often in a row a fetch brought nothing although there was something. */
  starved = 0;
  #chunks: Chunk[] = [];
  #records = 0;
  #bytes = 0;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** Adds what was fetched at `position`, and forgets the oldest beyond so many bytes. */
  push(chunk: Chunk, bytesMax = FEED_BYTES_MAX): void {
    this.position = chunk.next;
    this.#chunks.push(chunk);
    this.#records += chunk.records.length;
    this.#bytes += chunk.bytes;
    this.#forget(bytesMax);
    this.growth.happened();
  }

  /** What comes at and after an offset, if that is in memory. */
  after(offset: number): Batch | undefined {
    const chunk = this.#chunks.findLast(({ from, next }) => from <= offset && offset < next);
    if (chunk === undefined) return undefined;
    const { next, end } = chunk;
    const records = chunk.from === offset ? chunk.records : chunk.records.filter((fact) => fact.offset >= offset);
    return { records, next, end: Math.max(end, this.position ?? next) };
  }

  /** Whether there is nothing after an offset as far as is known. */
  isAtEnd(offset: number): boolean {
    return this.position !== undefined && offset >= this.position;
  }

  /** Forgets everything: readers look for the end again. */
  reset(): void {
    this.position = undefined;
    this.starved = 0;
    this.#chunks = [];
    this.#records = 0;
    this.#bytes = 0;
    this.growth.happened();
  }

  #forget(bytesMax: number): void {
    let forgotten = 0;
    for (const { records, bytes } of this.#chunks) {
      const kept = this.#chunks.length - forgotten;
      if (this.#records <= FEED_RECORDS_MAX && kept <= FEED_CHUNKS_MAX && this.#bytes <= bytesMax) break;
      this.#records -= records.length;
      this.#bytes -= bytes;
      forgotten += 1;
    }
    this.#chunks.splice(0, forgotten);
  }
}
