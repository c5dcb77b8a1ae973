/**
 * A function of a workflow's author, a file `functions/{name}.ts` beside the workflow. What it returns is the action's
 * result and must be JSON; a whole number that a double does not hold is a bigint, in and out. What it throws fails the
 * action: the error's `code`, or else its `name`, is what `errors[].code` of the workflow is compared with.
 */
export type WorkflowFunction<Arguments = FunctionArguments, Result = unknown> = (
  args: Arguments,
  context: FunctionContext,
) => Result | Promise<Result>;

/** What the action has under `arguments`; without that, the workflow's data. */
export type FunctionArguments = Readonly<Record<string, unknown>>;

/** On whose behalf a function runs. */
export interface FunctionContext {
  readonly instanceId: string;
  readonly workflowId: string;
  /** Unique within the instance, the same at every attempt. */
  readonly actionId: string;
  /** 1, and one more each time that the workflow has the action tried again. */
  readonly attempt: number;
  /** Unique to the action, the same at every attempt: who takes it twice does the work once. */
  readonly idempotencyKey: string;
  /** Aborts when the action's time is up, or when nobody waits for its result any more. */
  readonly signal: AbortSignal;
  readonly log: FunctionLog;
}

/** Writes to the log of whoever runs the workflow; pino's shape, the details are optional. */
export type FunctionLog = Readonly<
  Record<"debug" | "info" | "warn" | "error", (message: string, details?: object) => void>
>;
