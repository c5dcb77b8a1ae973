import { Allowance } from "@antiphon/expressions";
import { CATCH_ALL, WorkflowFault } from "../errors/workflow-fault.ts";

/**
 * How long one decision may take, milliseconds: nothing else of its process goes on meanwhile, and a probe of its health
 * must be answered.
 */
export const DECISION_MS_MAX = 500;

/** The most steps of all expressions of one decision together; a fact costs some as well. */
export const DECISION_STEPS_MAX = 10_000_000;

/** The most bytes of the facts of one decision: a record has room for them, and for what it says besides. */
export const DECISION_BYTES_MAX = 2_990_000;

/**
 * How long a decision goes on that may stop in between, as one about many branches may: milliseconds, steps, and bytes of
 * its facts. Then others have their turn, and it goes on in a further decision.
 */
export const SLICE_MS_MAX = 10;
export const SLICE_STEPS_MAX = 30_000;
export const SLICE_BYTES_MAX = 150_000;

/** Time ends a slice once so many steps were used: a small decision is whole, however busy the machine is. */
export const STEPS_BEFORE_SLICE_TIME = 2_000;

/** The most bytes of the facts of all slices of a run: what an instance holds comes from there. */
export const RUN_BYTES_MAX = 30_000_000;

/** Time counts for decisions that have used so many steps: another one has been kept from going on, by whatever it was. */
export const STEPS_BEFORE_TIME = 10_000;

/** The steps of a fact, beside one for every so many bytes of it. */
const STEPS_OF_FACT = 20;
const BYTES_OF_STEP = 32;

/** The code of the error that an instance fails with whose decision wanted more than it may have. */
export const DECISION_LIMIT = "decision-limit";

/** A decision would have more facts than a record can hold: it is none. */
export class DecisionTooLargeError extends Error {
  override readonly name = "DecisionTooLargeError";
  readonly code = "too-large";
}

/**
 * What one decision may use, whatever its workflow, its data and its input are. When it is used up the instance fails,
 * past all handlers: that is a fact like any other, so time decides nothing when the log is read again.
 */
export class Budget {
  readonly allowance: Allowance;
  readonly #clock: (() => number) | undefined;
  #bytes = 0;
  readonly #sliceSteps: number;
  #isLifted = false;

  constructor(clock: (() => number) | undefined, sliceSteps = SLICE_STEPS_MAX) {
    this.#sliceSteps = sliceSteps;
    this.#clock = clock;
    this.allowance = new Allowance(DECISION_STEPS_MAX, DECISION_MS_MAX, clock?.() ?? 0);
  }

  /** Takes what a fact of this many bytes costs. Throws if it is one too many. */
  spend(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > DECISION_BYTES_MAX) {
      throw new DecisionTooLargeError(`the decision has more than ${DECISION_BYTES_MAX} bytes, expected fewer`);
    }
    this.allowance.use(STEPS_OF_FACT + Math.floor(bytes / BYTES_OF_STEP));
    this.check();
  }

  /** Facts are taken back, so that there are so many bytes of them. */
  backTo(bytes: number): void {
    this.#bytes = bytes;
  }

  /** Throws `WorkflowFault` if it is used up. */
  check(): void {
    const found = this.#isLifted ? undefined : this.spent;
    if (found !== undefined) throw new WorkflowFault({ code: DECISION_LIMIT, message: found, classes: CATCH_ALL });
  }

  /** What was used up, in words; undefined: there is something left. */
  get spent(): string | undefined {
    const { stepsUsed, stepsLeft, endsAtMs } = this.allowance;
    const expected = "expected the workflow to rest or to end within";
    if (stepsLeft === 0) return `${expected} ${DECISION_STEPS_MAX} steps of expressions, found it going on`;
    const isOver = stepsUsed >= STEPS_BEFORE_TIME && this.#clock !== undefined && this.#clock() > endsAtMs;
    return isOver ? `${expected} ${DECISION_MS_MAX} ms, found it going on` : undefined;
  }

  /** The bytes of all facts. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a decision that may stop in between has done enough. */
  get isSliceOver(): boolean {
    const { stepsUsed, endsAtMs } = this.allowance;
    if (stepsUsed >= this.#sliceSteps || this.#bytes >= SLICE_BYTES_MAX) return true;
    if (stepsUsed < STEPS_BEFORE_SLICE_TIME || this.#clock === undefined) return false;
    return this.#clock() > endsAtMs - DECISION_MS_MAX + SLICE_MS_MAX;
  }

  /** The instance has failed: the facts by which it does are no matter of the budget. */
  lift(): void {
    this.#isLifted = true;
  }
}
