/** How likely each thing goes wrong at each request, from 0 to 1: some runs are calm, some are wild. */
export interface Faults {
  readonly lost: number;
  readonly late: number;
  readonly twice: number;
  readonly answerLost: number;
  /** A partition is handed on although its owner has not let go of it. */
  readonly conflict: number;
  /** A read brings less than there is. */
  readonly short: number;
}

/** What a run's likeliness of faults is. */
export function faultsOf(level: number): Faults {
  return {
    lost: 0.01 * level,
    late: 0.005 * level,
    twice: 0.01 * level,
    answerLost: 0.01 * level,
    conflict: 0.3,
    short: 0.2,
  };
}
