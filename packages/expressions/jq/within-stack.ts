import { ExpressionError, ExpressionLimitError } from "../errors.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { Stop } from "./filters/stop.ts";
import type { Run } from "./run.ts";

/** JavaScript's own limits, should they be met before ours, look like ours. */
export function withinStack<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asOurs(error);
  }
}

/** One evaluation, from its beginning to its end. */
export function inRun<T>(run: Run, work: (run: Run) => T): T {
  try {
    return work(run);
  } catch (error) {
    throw asOurs(error);
  } finally {
    run.end();
  }
}

/** The error that leaves a run: not JavaScript's own, nor what only belongs inside. */
export function asOurs(error: unknown): unknown {
  if (error instanceof RangeError) {
    const limit = /call stack/i.test(error.message) ? "depth" : "textLength";
    return new ExpressionLimitError(limit, DEFAULT_LIMITS[limit]);
  }
  return error instanceof Stop ? new ExpressionError("break") : error;
}
