import type { WorkflowError } from "@antiphon/protocol";

/** Java classes that a handler for everything names. */
export const CATCH_ALL = ["java.lang.RuntimeException", "java.lang.Exception"] as const;

const ILLEGAL_ARGUMENT = ["java.lang.IllegalArgumentException", ...CATCH_ALL];

/** An error inside a workflow: its state's `onErrors` may catch it, else the instance is faulted. */
export class WorkflowFault extends Error {
  override readonly name = "WorkflowFault";
  readonly error: WorkflowError;

  constructor(error: WorkflowError, options?: ErrorOptions) {
    super(error.message, options);
    this.error = error;
  }
}

/** Time is up for something. */
export function timedOut(message: string, where: string): WorkflowFault {
  return new WorkflowFault({ code: "TimedOut", message, classes: CATCH_ALL, where });
}

/** An error of the definition or its data, as SonataFlow's users know it: an `IllegalArgumentException`. */
export function illegal(code: string, message: string, options?: ErrorOptions): WorkflowFault {
  return new WorkflowFault({ code, message, classes: ILLEGAL_ARGUMENT }, options);
}
