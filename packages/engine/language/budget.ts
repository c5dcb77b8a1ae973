import { Allowance } from "@antiphon/expressions";
import { CATCH_ALL, WorkflowFault } from "../errors/workflow-fault.ts";

/**
 * How long one decision may take, milliseconds: nothing else of its process goes on meanwhile, and a probe of its health
 * must be answered.
 */
export const DECISION_MS_MAX = 500;

/** The most steps of all expressions of one decision together; a fact costs some as well. */
export const DECISION_STEPS_MAX = 10_000_000;

/** The most UTF-16 units in the facts of one decision: so many are more bytes than any record may have. */
export const DECISION_LENGTH_MAX = 3_000_000;

/** Time counts for decisions that have used so many steps: another one has been kept from going on, by whatever it was. */
export const STEPS_BEFORE_TIME = 10_000;

/** The steps of a fact, beside one for every so many units in it. */
const STEPS_OF_FACT = 20;
const UNITS_OF_STEP = 32;

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
  #length = 0;
  #isLifted = false;

  constructor(clock: (() => number) | undefined) {
    this.#clock = clock;
    this.allowance = new Allowance(DECISION_STEPS_MAX, DECISION_MS_MAX, clock?.() ?? 0);
  }

  /** Takes what a fact of this many units costs. Throws if it is one too many. */
  spend(length: number): void {
    this.#length += length;
    if (this.#length > DECISION_LENGTH_MAX) {
      throw new DecisionTooLargeError(`the decision has more than ${DECISION_LENGTH_MAX} characters, expected fewer`);
    }
    this.allowance.use(STEPS_OF_FACT + Math.floor(length / UNITS_OF_STEP));
    this.check();
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

  /** The instance has failed: the facts by which it does are no matter of the budget. */
  lift(): void {
    this.#isLifted = true;
  }
}
