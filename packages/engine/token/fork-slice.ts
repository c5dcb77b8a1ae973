import { illegal } from "../errors/workflow-fault.ts";
import { RUN_BYTES_MAX } from "../language/budget.ts";
import type { Visit } from "./visit.ts";

/** The place of the timer with which a fork goes on. */
const SLICE = "slice";

/** What a branch costs, also where nothing has happened to it. */
const STEPS_OF_BRANCH = 10;

/**
 * The part of a fork that one decision does. Where more is to be done than one decision may, it ends with a timer that is
 * due at once: others have their turn, then the fork goes on in a further decision. Whatever else happens to the instance
 * in between is taken in, but begins no further branch.
 */
export class ForkSlice {
  /** The branches are gone on with, from this number on; otherwise those are run that something has happened to. */
  readonly goesOn: boolean;
  readonly from: number;
  /** Another decision goes on with the branches. */
  readonly goesOnLater: boolean;
  readonly #visit: Visit;
  readonly #place: string;
  /** Something was done in it. */
  #hasBegun = false;

  constructor(visit: Visit, fork: string, isAnew: boolean) {
    this.#visit = visit;
    this.#place = `${fork}.${SLICE}`;
    const timer = visit.timer(this.#place);
    this.goesOn = isAnew || timer?.fired === true;
    this.from = isAnew ? 0 : (visit.instance.slice?.from ?? 0);
    this.goesOnLater = !this.goesOn && timer !== undefined;
  }

  /** Counts a branch that is opened, run or closed. */
  count(): void {
    this.#hasBegun = true;
    this.#visit.draft.budget.allowance.use(STEPS_OF_BRANCH);
  }

  /** Whether the rest is for a further decision. Each does something. */
  get isOver(): boolean {
    return this.#hasBegun && this.#visit.draft.budget.isSliceOver;
  }

  /** Goes on at once, from this branch on. Throws `WorkflowFault` if the facts of all slices have become too many. */
  end(from: number): false {
    if (this.goesOnLater) return false;
    const { draft, env, where } = this.#visit;
    const { since, bytes: before } = draft.run;
    const bytes = before + draft.budget.bytes;
    if (bytes > RUN_BYTES_MAX) {
      throw illegal("too-large", `expected at most ${RUN_BYTES_MAX} bytes of facts up to ${where}, found more`);
    }
    const timer = this.#visit.id(this.#place);
    this.#visit.emit({ type: "TimerStarted", timer, dueMs: env.nowMs, slice: { from, since, bytes } });
    return false;
  }

  /** There is nothing left to go on with. */
  endRun(): false {
    this.#visit.forgetTimer(this.#place);
    return false;
  }
}
