import type { Run } from "../run.ts";

/**
 * UTF-16 units that JavaScript looks for itself. With more it may take the product of both lengths, so that the rest of a
 * part is compared, and charged, at each place where its head is.
 */
const HEAD_MAX = 32;

/** UTF-16 units that are searched between two charges: a few at first, for what is found soon. */
const WINDOW_MIN = 256;
const WINDOW_MAX = 16_384;

/** The first place, at or behind `from`, at which a part that is not empty begins in a text; -1 if there is none. */
export function find(text: string, part: string, from: number, run: Run): number {
  const head = part.length > HEAD_MAX ? part.slice(0, HEAD_MAX) : part;
  for (let begin = from, size = WINDOW_MIN; begin + part.length <= text.length; size = Math.min(WINDOW_MAX, size * 4)) {
    const end = Math.min(text.length, begin + size + head.length);
    run.charge(1 + ((end - begin) >> 6));
    const window = text.slice(begin, end);
    for (let at = window.indexOf(head); at >= 0; at = window.indexOf(head, at + 1)) {
      if (head === part) return begin + at;
      run.charge(1 + (part.length >> 6));
      if (text.startsWith(part, begin + at)) return begin + at;
    }
    begin = end - head.length + 1;
  }
  return -1;
}

/** All places at which a part that is not empty begins in a text. */
export function* placesIn(text: string, part: string, overlapping: boolean, run: Run): Generator<number, void> {
  run.read(text);
  run.read(part);
  const forward = overlapping ? 1 : part.length;
  for (let at = find(text, part, 0, run); at >= 0; at = find(text, part, at + forward, run)) yield at;
}

/** Whether a part is in a text; an empty one is in every text. */
export function includes(text: string, part: string, run: Run): boolean {
  if (part === "") return true;
  run.read(text);
  run.read(part);
  return find(text, part, 0, run) >= 0;
}
