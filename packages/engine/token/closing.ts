import type { ActionOutcome, InstanceEvent, WorkflowError } from "@antiphon/protocol";
import { failedChildren } from "../actions/subflow-call.ts";
import { CATCH_ALL } from "../errors/workflow-fault.ts";
import type { Entries } from "../instance/entries.ts";
import { visitOf } from "../instance/ids.ts";
import {
  type ActiveInstance,
  ENDED,
  type EndedInstance,
  type FaultedInstance,
  type Instance,
  keysOf,
  MAIN,
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
  const open = [...closeOpen(instance, "ended", Object.keys), ...letChildrenGo(instance)];
  const toldParent = toParent(instance, outcome ?? outcomeOf(instance, last));
  return [...open, ...letEarlyGo(instance), ...toldParent, withChildren(last, open)];
}

/** An abort names the instances that are aborted with it, so that they can be looked for. */
function withChildren(last: InstanceEvent, open: readonly InstanceEvent[]): InstanceEvent {
  if (last.type !== "InstanceAborted") return last;
  const children = [...(last.children ?? []), ...childrenIn(open)];
  return children.length === 0 ? last : { ...last, children };
}

/** The instances that are given up by facts. */
export function childrenIn(facts: readonly InstanceEvent[]): readonly string[] {
  return facts.flatMap((fact) => (fact.type === "ActionCancelled" && fact.child !== undefined ? [fact.child] : []));
}

/** The facts by which instances are given up that failed at their actions: nobody will want them mended. */
export function letFailedGo({ actions }: ActiveInstance | FaultedInstance): readonly InstanceEvent[] {
  return [...failedChildren(actions)].map(([action, child]) => ({ type: "ActionCancelled", action, child }));
}

/**
 * The facts by which an instance fails: it waits for nothing any more, but all stays as it is, so that it can go on once
 * it has been repaired. Its timers stand still.
 */
export function fail(
  instance: ActiveInstance,
  fault: Extract<InstanceEvent, { type: "InstanceFaulted" }>,
): readonly InstanceEvent[] {
  const toldParent = toParent(instance, outcomeOf(instance, fault));
  const closed = closeOpen(instance, "failed", Object.keys);
  // What it was doing is begun anew when it goes on.
  if (instance.slice !== undefined) closed.push({ type: "TimerCancelled", timer: instance.slice.timer });
  return [...closed, ...letEarlyGo(instance), ...toldParent, fault];
}

/** What an instance that ends so is for the action that has started it; undefined: nothing is said. */
function outcomeOf(instance: ActiveInstance | FaultedInstance, last: InstanceEvent): ActionOutcome | undefined {
  switch (last.type) {
    case "InstanceAborted":
      return abortedOutcome(instance, last.reason);
    case "InstanceFaulted": {
      const { where, ...error } = last.error;
      const { id, workflow } = instance;
      const child = { instance: id, workflow, ...(where !== undefined && { where }) };
      return { status: "failed", error: { ...error, child } };
    }
    default:
      return undefined;
  }
}

/** What an instance that was aborted is for the action that has started it. */
export function abortedOutcome(
  { id, workflow }: ActiveInstance | FaultedInstance | EndedInstance,
  reason: string,
): ActionOutcome {
  const child = { instance: id, workflow, aborted: true } as const;
  return { status: "failed", error: { code: "Aborted", message: reason, classes: CATCH_ALL, child } };
}

function toParent({ parent }: ActiveInstance | FaultedInstance, outcome?: ActionOutcome): readonly InstanceEvent[] {
  if (parent === undefined || parent.detached || outcome === undefined) return [];
  return [{ type: "ResultReturned", parent, outcome }];
}

/** The facts by which an instance fails for a reason that lies outside of its workflow; none if it is not active. */
export function fault(instance: Instance, error: WorkflowError): readonly InstanceEvent[] {
  return instance.status === "active" ? fail(instance, { type: "InstanceFaulted", error }) : [];
}

function closeOpen(
  instance: ActiveInstance | FaultedInstance,
  reason: "left" | "ended" | "failed",
  meantIn: (entries: Entries<unknown>) => readonly string[],
): InstanceEvent[] {
  const { actions, waits, timers } = instance;
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
  if (reason === "ended") facts.push(...letFailedGo(instance));
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
