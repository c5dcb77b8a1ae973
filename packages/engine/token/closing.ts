import type { InstanceEvent, WorkflowError } from "@antiphon/protocol";
import { type ActiveInstance, type Instance, keysOf, visitOf } from "../instance/instance.ts";

/** The facts that close what a visit has left open: whatever answers later comes too late. */
export function closeVisit(instance: ActiveInstance, visit: number): readonly InstanceEvent[] {
  return closeOpen(instance, "left", (id) => visitOf(id) === visit);
}

/** The facts by which an instance ends: everything open is closed, early events are let go, then the end itself. */
export function end(instance: ActiveInstance, last: InstanceEvent): readonly InstanceEvent[] {
  const early = instance.buffer.map(
    ({ event }): InstanceEvent => ({
      type: "EventIgnored",
      event,
      disposition: "unmatched",
      reason: "the instance ended before a wait for it opened",
      found: { by: "instance" },
    }),
  );
  return [...closeOpen(instance, "ended", () => true), ...early, last];
}

/** The facts by which an instance fails for a reason that lies outside of its workflow; none if it is not active. */
export function fault(instance: Instance, error: WorkflowError): readonly InstanceEvent[] {
  return instance.status === "active" ? end(instance, { type: "InstanceFaulted", error }) : [];
}

function closeOpen(
  { actions, waits, timers }: ActiveInstance,
  reason: "left" | "ended",
  isMeant: (id: string) => boolean,
): readonly InstanceEvent[] {
  const facts: InstanceEvent[] = [];
  for (const [action, { status }] of Object.entries(actions)) {
    if (status === "pending" && isMeant(action)) facts.push({ type: "ActionCancelled", action });
  }
  for (const [id, wait] of Object.entries(waits)) {
    if (wait.status === "open" && isMeant(id)) facts.push({ type: "WaitClosed", wait: id, reason, ...keysOf(wait) });
  }
  for (const [timer, { fired }] of Object.entries(timers)) {
    if (!fired && isMeant(timer)) facts.push({ type: "TimerCancelled", timer });
  }
  return facts;
}
