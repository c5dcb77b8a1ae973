import type { Range } from "./port.ts";
import { compareUtf8 } from "./utf8-order.ts";

/** Distinct strings in the order of their UTF-8 bytes. */
export class OrderedList {
  readonly #entries: string[] = [];

  add(entry: string): void {
    const at = this.#firstNotBelow(entry);
    if (this.#entries[at] !== entry) this.#entries.splice(at, 0, entry);
  }

  remove(entry: string): void {
    const at = this.#firstNotBelow(entry);
    if (this.#entries[at] === entry) this.#entries.splice(at, 1);
  }

  /** The part of the list that `range` names, in its direction. */
  slice({ after, before, reverse, limit }: Range): readonly string[] {
    const start = after === undefined ? 0 : this.#firstAbove(after);
    const end = before === undefined ? this.#entries.length : this.#firstNotBelow(before);
    if (limit < 1 || end <= start) return [];
    if (!reverse) return this.#entries.slice(start, Math.min(end, start + limit));
    return this.#entries.slice(Math.max(start, end - limit), end).reverse();
  }

  #firstAbove(entry: string): number {
    const at = this.#firstNotBelow(entry);
    return this.#entries[at] === entry ? at + 1 : at;
  }

  #firstNotBelow(entry: string): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // `middle` is below `high`, so the entry is there; the fallback satisfies the compiler alone.
      if (compareUtf8(this.#entries[middle] ?? "", entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
