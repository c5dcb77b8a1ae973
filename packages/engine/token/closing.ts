import type { ActionOutcome, InstanceEvent, WorkflowError } from "@antiphon/protocol";
import { CATCH_ALL } from "../errors/workflow-fault.ts";
import type { Entries } from "../instance/entries.ts";
import {
  type ActiveInstance,
  ENDED,
  type FaultedInstance,
  type Instance,
  keysOf,
  MAIN,
  visitOf,
} from "../instance/instance.ts";
import type { Draft } from "./draft.ts";

/** The facts that close what a visit has left open: whatever answers later comes too late. */
export function closeVisit(instance: ActiveInstance, visit: number): readonly InstanceEvent[] {
  return closeOpen(instance, "left", (entries) => Object.keys(entries).filter((id) => visitOf(id) === visit));
}

/** The facts by which a token leaves its state by none of its ways, so that nothing is to be undone; none if it has left it. */
export function abandon(instance: ActiveInstance): readonly InstanceEvent[] {
  const token = instance.tokens[MAIN];
  if (token === undefined || token.step === ENDED) return [];
  const { state, visit } = token;
  return [...closeVisit(instance, visit), { type: "StateLeft", state, visit }];
}

/** The facts that close what a branch has left open. */
export function closeBranch(draft: Draft, branch: string): readonly InstanceEvent[] {
  return closeOpen(draft.active, "left", (entries) => draft.idsIn(entries, branch));
}

/** The facts by which an instance ends: everything open is closed, early events are let go, then the end itself. */
export function end(
  instance: ActiveInstance | FaultedInstance,
  last: InstanceEvent,
  outcome?: ActionOutcome,
): readonly InstanceEvent[] {
  const open = closeOpen(instance, "ended", Object.keys);
  const toldParent = toParent(instance, outcome ?? outcomeOf(last));
  return [...open, ...letChildrenGo(instance), ...letEarlyGo(instance), ...toldParent, last];
}

/**
 * The facts by which an instance fails: it waits for nothing any more, but all stays as it is, so that it can go on once
 * it has been repaired. Its timers stand still.
 */
export function fail(
  instance: ActiveInstance,
  fault: Extract<InstanceEvent, { type: "InstanceFaulted" }>,
): readonly InstanceEvent[] {
  const toldParent = toParent(instance, outcomeOf(fault));
  return [...closeOpen(instance, "failed", Object.keys), ...letEarlyGo(instance), ...toldParent, fault];
}

/** What an instance that ends so is for the action that has started it; undefined: nothing is said. */
function outcomeOf(last: InstanceEvent): ActionOutcome | undefined {
  switch (last.type) {
    case "InstanceAborted":
      return { status: "failed", error: { code: "Aborted", message: last.reason, classes: CATCH_ALL } };
    case "InstanceFaulted":
      return { status: "failed", error: last.error };
    default:
      return undefined;
  }
}

function toParent({ parent }: ActiveInstance | FaultedInstance, outcome?: ActionOutcome): readonly InstanceEvent[] {
  return parent === undefined || outcome === undefined ? [] : [{ type: "ResultReturned", parent, outcome }];
}

/** The facts by which an instance fails for a reason that lies outside of its workflow; none if it is not active. */
export function fault(instance: Instance, error: WorkflowError): readonly InstanceEvent[] {
  return instance.status === "active" ? fail(instance, { type: "InstanceFaulted", error }) : [];
}

function closeOpen(
  { actions, waits, timers }: ActiveInstance | FaultedInstance,
  reason: "left" | "ended" | "failed",
  meantIn: (entries: Entries<unknown>) => readonly string[],
): readonly InstanceEvent[] {
  const facts: InstanceEvent[] = [];
  for (const action of meantIn(actions)) {
    const state = actions[action];
    if (state?.status !== "pending") continue;
    facts.push({ type: "ActionCancelled", action, ...(state.child !== undefined && { child: state.child }) });
  }
  for (const id of meantIn(waits)) {
    const wait = waits[id];
    if (wait?.status === "open") facts.push({ type: "WaitClosed", wait: id, reason, ...keysOf(wait) });
  }
  if (reason === "failed") return facts;
  for (const timer of meantIn(timers)) {
    if (timers[timer]?.fired === false) facts.push({ type: "TimerCancelled", timer });
  }
  return facts;
}

/** Instances for which nobody waits end with the one that asked for them, unless they are to go on. */
function letChildrenGo({ detached }: ActiveInstance | FaultedInstance): readonly InstanceEvent[] {
  return Object.entries(detached ?? {}).flatMap(([action, { child, atEnd }]): readonly InstanceEvent[] =>
    atEnd === "terminate" && child !== undefined ? [{ type: "ActionCancelled", action, child }] : [],
  );
}

function letEarlyGo({ buffer }: ActiveInstance | FaultedInstance): readonly InstanceEvent[] {
  return buffer.map(({ event }) => ({
    type: "EventIgnored",
    event,
    disposition: "unmatched",
    reason: "the instance ended before a wait for it opened",
    found: { by: "instance" },
  }));
}
