import type { AwaitedEvent, ReplyTo } from "@antiphon/protocol";
import { visitOf } from "./ids.ts";
import { type ActiveInstance, type FaultedInstance, type Instance, MAIN, type Token } from "./instance.ts";

/** The place of the time for an event, or for a branch, in ids of timers. */
export const TIMEOUT = "timeout";

/** The place of an action's result, where that is an event, in ids of waits. */
export const RESULT = "result";

/** One open expectation of an event, as lists show it. */
export interface OpenWait {
  readonly wait: string;
  readonly state: string;
  readonly events: readonly AwaitedEvent[];
  readonly sinceMs: number;
  /** When its time is up; absent: never, or the action is still running. */
  readonly deadlineMs?: number;
}

/** What an instance waits for, oldest first. */
export function openWaits(instance: Instance): readonly OpenWait[] {
  if (instance.status !== "active") return [];
  return Object.entries(instance.waits).flatMap(([id, wait]) => {
    if (wait.status !== "open") return [];
    const visit = visitOf(id);
    const state = Object.values(instance.tokens).find((token) => token.visit === visit)?.state ?? "";
    const timer = instance.timers[`${id}.${TIMEOUT}`] ?? instance.timers[`${visit}.${TIMEOUT}`];
    const deadline = timer === undefined || timer.fired ? {} : { deadlineMs: timer.dueMs };
    return [{ wait: id, state, events: wait.events, sinceMs: wait.sinceMs, ...deadline }];
  });
}

/**
 * The states that an instance would run to undo what it has done, the next first: where it is undoing things, what is left
 * of them, with the one that it stands in.
 */
export function leftToUndo({ undo, compensation, tokens }: ActiveInstance | FaultedInstance): readonly string[] {
  if (compensation === undefined) return undo?.toReversed() ?? [];
  const token = tokens[MAIN];
  return token === undefined ? compensation.states : [token.state, ...compensation.states];
}

/** Whether it waits for an event or a timer, or has ended: nothing goes on until something comes from outside. */
export function isResting(instance: Instance): boolean {
  switch (instance.status) {
    case "absent":
    case "scheduled":
      return false;
    case "active":
      return hasRested(instance);
    case "completed":
    case "aborted":
    case "faulted":
      return true;
  }
}

/**
 * An answer of an action is kept until its token has moved on, so that what is half decided never looks at rest. Tokens
 * are looked at first: while facts come to be, the main one is on its way, and of branches there may be thousands.
 */
function hasRested({ tokens, branches = {}, actions, slice }: ActiveInstance): boolean {
  if (slice !== undefined) return false;
  const isAtStep = ({ step }: Pick<Token, "step">) => step !== undefined;
  const main = Object.values(tokens);
  if (main.length === 0 || !main.every(isAtStep)) return false;
  return (
    Object.values(branches).every(isAtStep) &&
    Object.values(actions).every((action) => action.status === "pending" && action.isResting === true)
  );
}

/** Who is answered because this decision brought the instance to rest for the first time; undefined: nobody. */
export function startAnswer(before: Instance, after: Instance): ReplyTo | undefined {
  if (after.status === "absent" || after.status === "scheduled") return undefined;
  // What follows once it rests finds the request answered, also where that is in the same decision.
  const reply = after.reply ?? ("reply" in before ? before.reply : undefined);
  // Whether it rests is looked at last: there may be thousands of branches.
  return reply === undefined || isResting(before) || !isResting(after) ? undefined : reply;
}

/** When the instance wants `ReachTime`, epoch milliseconds: its next timer, or an early event's end. */
export function dueMs(instance: Instance): number | undefined {
  if (instance.status === "scheduled") return instance.nextMs;
  if (instance.status !== "absent" && instance.status !== "active") return undefined;
  let due: number | undefined;
  for (const { expiresMs } of instance.buffer) due = Math.min(due ?? expiresMs, expiresMs);
  if (instance.status === "absent") return due;
  for (const timer of Object.values(instance.timers)) {
    if (!timer.fired) due = Math.min(due ?? timer.dueMs, timer.dueMs);
  }
  return due;
}

/** When the instance ended, epoch milliseconds; undefined: it has not, for one that has failed may be repaired. */
export function endedMs(instance: Instance): number | undefined {
  return instance.status === "completed" || instance.status === "aborted" ? (instance.endedMs ?? 0) : undefined;
}
