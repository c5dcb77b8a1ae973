/** Facts about the timers of an instance, by their ids. */
export type TimerEvent =
  | {
      readonly type: "TimerStarted";
      readonly timer: string;
      readonly dueMs: number;
      /** What was to be decided is not all decided: it goes on here when the timer fires, at once. Absent: it is a time. */
      readonly slice?: Slice;
    }
  | { readonly type: "TimerFired"; readonly timer: string }
  | { readonly type: "TimerCancelled"; readonly timer: string };

/** Where a run is that is decided in slices, so that others have their turn in between. */
export interface Slice {
  /** The number of the first branch that is still to be run. */
  readonly from: number;
  /** The visit at which the run began. */
  readonly since: number;
  /** Of all its facts so far, as JSON. */
  readonly bytes: number;
}
