import type { InstanceEvent } from "@antiphon/protocol";
import { Copies } from "./entries.ts";

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
