import type { InstanceEvent } from "@antiphon/protocol";
import { Copies } from "./entries.ts";
import type { Instance } from "./instance.ts";

/** What one fold of facts knows besides the instance, so that a fact costs the same however much there is of the instance. */
export class Folding {
  readonly copies = new Copies();
  /** Whether the instance may have come to rest since that was looked at. */
  mayRest = true;

  /** A fact has been folded in. */
  after({ type }: InstanceEvent): void {
    this.mayRest = this.mayRest || !NEVER_TO_REST.has(type);
  }
}

/**
 * An instance with the time of its newest fact. That is the same for all facts of a decision, so that the first of them copies
 * the instance and the others do not.
 */
export function updated(instance: Instance, updatedMs: number): Instance {
  if (instance.status !== "active" && instance.status !== "faulted") return instance;
  return instance.updatedMs === updatedMs ? instance : { ...instance, updatedMs };
}

/** Facts that never bring an instance to rest that was on its way. There may be thousands of them in one decision. */
const NEVER_TO_REST: ReadonlySet<InstanceEvent["type"]> = new Set([
  "ActionCancelled",
  "ActionCompleted",
  "ActionFailed",
  "ActionRequested",
  "BranchStarted",
  "ChildRequested",
  "DataChanged",
  "EventAwaited",
  "EventProduced",
  "EventReceived",
  "MessageLogged",
  "TimerCancelled",
  "TimerFired",
  "TimerStarted",
  "WaitClosed",
]);
