const FIRST_BYTES = 65_536;

/** Bytes that are put together piece by piece, of at most so many. */
export class Grown {
  readonly #bytesMax: number;
  #bytes: Buffer;
  #length = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#bytes = Buffer.allocUnsafe(Math.min(FIRST_BYTES, bytesMax));
  }

  get length(): number {
    return this.#length;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  append(piece: Uint8Array): void {
    this.#reserve(piece.length);
    this.#bytes.set(piece, this.#length);
    this.#length += piece.length;
  }

  /** Appends so many bytes again that stand so far back; more than that repeat themselves. */
  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.#length) throw new Error("compressed data: expected to repeat what is there");
    this.#reserve(count);
    const from = this.#length - distance;
    // What is copied may be part of what it is copied from, so each round doubles it at most.
    for (let done = 0; done < count; ) {
      const part = Math.min(count - done, distance + done);
      this.#bytes.copyWithin(this.#length + done, from, from + part);
      done += part;
    }
    this.#length += count;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#bytesMax) throw new TooLongError(this.#bytesMax);
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.#bytesMax, Math.max(needed, 2 * this.#bytes.length)));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Compressed data is longer than may be when it is written out. */
export class TooLongError extends Error {
  override readonly name = "TooLongError";

  constructor(bytesMax: number) {
    super(`compressed data: expected at most ${bytesMax} bytes when it is written out, found more`);
  }
}

/** The error for what does not hold what its format has. */
export function compressed(format: string, expected: string): Error {
  return new Error(`${format}: expected ${expected}, found something else`);
}
