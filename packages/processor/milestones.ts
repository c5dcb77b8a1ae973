import type { Landmark } from "./landmarks.ts";

/** How many stretches a log's retention is divided into: what is kept beyond it is one stretch at most. */
const STRETCHES = 16;
/** So many are kept; with a retention that was made shorter there are fewer, with one that was made longer they are further apart. */
const MILESTONES_MAX = 2 * STRETCHES;

/** Which offset a log had reached when: one mark in each stretch of time, of as many as the retention needs. */
export class Milestones {
  readonly #stretchMs: number;
  #marks: readonly Landmark[];

  /** `retentionMs` is how long the log keeps what is over. */
  constructor(retentionMs: number, marks: readonly Landmark[] = []) {
    this.#stretchMs = retentionMs / STRETCHES;
    this.#marks = marks;
  }

  pass(offset: number, atMs: number): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && atMs - last[1] < this.#stretchMs) return;
    this.#marks = [...this.#marks, [offset, atMs] as const].slice(-MILESTONES_MAX);
  }

  /** The newest mark of a time or earlier: its offset; 0 if there is none. */
  offsetAt(atMs: number): number {
    return this.#marks.findLast(([, markMs]) => markMs <= atMs)?.[0] ?? 0;
  }

  state(): readonly Landmark[] {
    return this.#marks;
  }
}
