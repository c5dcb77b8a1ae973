import type { InstanceEvent } from "@antiphon/protocol";
import type { Copies } from "./entries.ts";
import type { ActiveInstance, EndedInstance, FaultedInstance } from "./instance.ts";
import { withSparse } from "./sparse.ts";

type End = Extract<InstanceEvent, { type: "InstanceCompleted" | "InstanceAborted" }>;
type Fault = Extract<InstanceEvent, { type: "InstanceFaulted" }>;
type Retriggered = Extract<InstanceEvent, { type: "InstanceRetriggered" }>;

/** An instance has ended: its data stays, and what it has taken, so that late events are told from repeated ones. */
export function ended(instance: ActiveInstance | FaultedInstance, event: End, atMs: number): EndedInstance {
  const { continuedAs } = instance;
  const { id, workflow, version, definition, data, businessKey, once, seen, spent, visits, tokens, reply } = instance;
  const kept = {
    id,
    workflow,
    version,
    definition,
    data,
    ...(businessKey !== undefined && { businessKey }),
    ...(once && { once }),
    seen,
    ...(spent && { spent }),
    visits,
    tokens,
    ...(reply && { reply }),
    endedMs: atMs,
  };
  if (event.type === "InstanceCompleted") {
    return { ...kept, status: "completed", ...(continuedAs !== undefined && { continuedAs }) };
  }
  const { reason, children } = event;
  return { ...kept, status: "aborted", reason, ...(children && { children }) };
}

/** An instance has failed: it stays as it is, so that it can go on once it has been repaired. */
export function faulted(instance: ActiveInstance, { error, branch }: Fault, atMs: number): FaultedInstance {
  const failed = { ...instance, status: "faulted", error, failedMs: atMs, buffer: [] } as const;
  return branch === undefined ? failed : { ...failed, failedBranch: branch };
}

/** An action of an instance that has failed by it has failed once more. */
export function failedAgain(
  instance: FaultedInstance,
  event: Extract<InstanceEvent, { type: "ActionFailed" | "ActionCompleted" }>,
  copies: Copies,
): FaultedInstance {
  if (event.type === "ActionCompleted" || instance.actions[event.action]?.status !== "failed") return instance;
  const { action, error } = event;
  return { ...instance, actions: copies.with(instance.actions, action, { status: "failed", error }) };
}

/**
 * An instance that had failed goes on. What failed, or was given up with it, is asked for again by a further attempt; its
 * timers, which stood still, have as long as they had left.
 */
export function retriggered(
  { error: _, failedBranch: __, failedMs: ___, ...instance }: FaultedInstance,
  { pausedMs = 0 }: Retriggered,
  copies: Copies,
): ActiveInstance {
  const attempts: Record<string, number> = { ...instance.attempts };
  const actions: typeof instance.actions = Object.fromEntries(
    Object.entries(instance.actions).filter(([id, { status }]) => {
      const isAnswered = status === "completed" || status === "pending";
      if (!isAnswered) attempts[id] = (attempts[id] ?? 1) + 1;
      return isAnswered;
    }),
  );
  const timers = pausedMs === 0 ? instance.timers : later(instance.timers, pausedMs);
  return withSparse({ ...instance, status: "active", actions, timers }, "attempts", attempts, copies);
}

function later(timers: FaultedInstance["timers"], pausedMs: number): FaultedInstance["timers"] {
  return Object.fromEntries(
    Object.entries(timers).map(([id, timer]) => [
      id,
      timer.fired ? timer : { ...timer, dueMs: timer.dueMs + pausedMs },
    ]),
  );
}
