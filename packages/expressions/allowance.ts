/**
 * What several runs may use together, as all those of one decision. Each is given the same one (`RunOptions.allowance`),
 * and takes from it what it used, also when it fails; a run that wants more than is left ends with an
 * `ExpressionLimitError`, whose limit says that it is one of all runs.
 */
export class Allowance {
  /** Steps of all runs together; each run costs one more for having begun. */
  readonly steps: number;
  /** Milliseconds from the beginning on, by the clock that the runs are given; without one they are not watched. */
  readonly timeMs: number;
  /** When time is over, by that clock. */
  readonly endsAtMs: number;
  #stepsUsed = 0;

  constructor(steps: number, timeMs: number, beganAtMs: number) {
    this.steps = steps;
    this.timeMs = timeMs;
    this.endsAtMs = beganAtMs + timeMs;
  }

  get stepsUsed(): number {
    return this.#stepsUsed;
  }

  get stepsLeft(): number {
    return this.#stepsUsed < this.steps ? this.steps - this.#stepsUsed : 0;
  }

  /** Counts what was used, by a run or by other work that the same bound is for. */
  use(steps: number): void {
    this.#stepsUsed += steps;
  }
}
