import type { LastRead } from "@antiphon/log";

/** A record by which a log is known again: where it is, and the time in it. */
export type Landmark = readonly [offset: number, atMs: number];

/** As the store holds them; absent: none that is known, or a release stored this that did not say. */
export interface LandmarksState {
  /** The newest fact that was folded. */
  readonly newest?: Landmark;
  /** An input that has been decided, with the time that the log gave it. */
  readonly newestInput?: Landmark;
}

/** By what a partition's log, and the one of its inputs, are known again. */
export class Landmarks {
  #newest: Landmark | undefined;
  #newestInput: Landmark | undefined;

  constructor({ newest, newestInput }: LandmarksState = {}) {
    this.#newest = newest;
    this.#newestInput = newestInput;
  }

  passFact(offset: number, atMs: number): void {
    this.#newest = [offset, atMs];
  }

  /** These inputs were read, in their order; those below an offset are decided. */
  passInputs(inputs: readonly LastRead[], decidedUpTo: number): void {
    const decided = inputs.findLast(({ offset }) => offset < decidedUpTo);
    if (decided !== undefined) this.#newestInput = [decided.offset, decided.timestampMs];
  }

  state(): LandmarksState {
    return {
      ...(this.#newest && { newest: this.#newest }),
      ...(this.#newestInput && { newestInput: this.#newestInput }),
    };
  }
}
