import { type Action, durationMs, type ErrorDefinition, type RetryStrategy } from "@antiphon/definition";
import type { WorkflowError } from "@antiphon/protocol";
import { compileErrors, matches } from "../errors/match-error.ts";
import { illegal, WorkflowFault } from "../errors/workflow-fault.ts";
import { pacedMs } from "../instance/pace.ts";
import type { Language } from "../language/language.ts";
import { RETRY, type Visit } from "../token/visit.ts";
import { jitterOf } from "./jitter.ts";

/** The most attempts of one action, whatever its strategy says. */
export const ATTEMPTS_MAX = 10_000;

/** The longest that an attempt is waited for, milliseconds: a year. */
export const DELAY_MAX_MS = 365 * 86_400_000;

/** How an action that failed is tried again. */
export interface Retrying {
  /** Whether its next attempt has not come yet. */
  isWaiting(visit: Visit): boolean;
  /** Plans the next attempt after a failure; false: there is none, the failure is final. */
  schedule(visit: Visit, failure: unknown): boolean;
}

/** Undefined: every failure is final. */
export function compileRetry(language: Language, { name, retry }: Action, place: string): Retrying | undefined {
  if (retry === undefined) return undefined;
  const { strategy } = retry;
  const what = `action ${JSON.stringify(name)}, retry ${JSON.stringify(strategy.name)}`;
  const attemptsMax = language.count(strategy.maxAttempts, `${what}, maxAttempts`);
  const isMeant = retriedErrors(retry.retryable, retry.nonRetryable);
  const timer = `${place}.${RETRY}`;
  return {
    isWaiting: (visit) => visit.timer(timer)?.fired === false,
    schedule(visit, failure) {
      if (!(failure instanceof WorkflowFault) || !isMeant(failure.error)) return false;
      if (visit.draft.budget.spent !== undefined) return false;
      const attempt = visit.attempt(place);
      if (attempt > Math.min(visit.evaluate(attemptsMax), ATTEMPTS_MAX)) return false;
      visit.restartSingleRun();
      visit.forgetResult(place);
      const delayMs = delayOf(strategy, attempt, `${visit.instance.id}/${visit.id(place)}/${attempt}`, what);
      const { nowMs } = visit.env;
      const dueMs = pacedMs(visit.instance, nowMs + delayMs, nowMs);
      visit.emit({ type: "TimerStarted", timer: visit.id(timer), dueMs });
      // With this an instance may rest that did not, so that it comes last.
      visit.emit({ type: "ActionRetried", action: visit.id(place), attempt: attempt + 1, error: failure.error });
      return true;
    },
  };
}

function retriedErrors(
  retryable: readonly ErrorDefinition[] | undefined,
  nonRetryable: readonly ErrorDefinition[],
): (error: WorkflowError) => boolean {
  const never = compileErrors(nonRetryable);
  const only = retryable && compileErrors(retryable);
  return (error) => (only === undefined || matches(only, error)) && !matches(never, error);
}

/** How long to wait before the attempt behind this one, milliseconds; the first attempt is 1. */
export function delayOf(strategy: RetryStrategy, attempt: number, seed: string, what: string): number {
  const { delay, increment, multiplier = 1, maxDelay, jitter = 0 } = strategy;
  const firstMs = msOf(delay, `${what}, delay`);
  // Nothing stays nothing, even where the multiplier has grown beyond all numbers.
  const multipliedMs = firstMs === 0 ? 0 : firstMs * multiplier ** (attempt - 1);
  const grownMs = multipliedMs + msOf(increment, `${what}, increment`) * (attempt - 1);
  const limitMs = maxDelay === undefined ? DELAY_MAX_MS : Math.min(msOf(maxDelay, `${what}, maxDelay`), DELAY_MAX_MS);
  const baseMs = Math.min(grownMs, limitMs);
  const spreadMs = typeof jitter === "number" ? baseMs * jitter : msOf(jitter, `${what}, jitter`);
  return Math.max(0, Math.round(baseMs + spreadMs * jitterOf(seed)));
}

function msOf(text: string | undefined, what: string): number {
  if (text === undefined) return 0;
  const ms = durationMs(text);
  if (ms === undefined)
    throw illegal("duration", `${what}: expected an ISO 8601 duration, found ${JSON.stringify(text)}`);
  return ms;
}
