import type { Command, InstanceEvent, Json } from "@antiphon/protocol";
import { DATA_DEPTH_MAX, isDeeper } from "./data/depth.ts";
import { merge } from "./data/merge.ts";
import type { Environment, Input } from "./environment.ts";
import { expired } from "./events/buffer.ts";
import { completeAction } from "./inputs/complete-action.ts";
import { deliver, deliverEarly, deliverLate } from "./inputs/deliver.ts";
import { fireTimers } from "./inputs/fire-timers.ts";
import { refuseWait } from "./inputs/refuse-wait.ts";
import { start } from "./inputs/start.ts";
import type { ActiveInstance, Instance } from "./instance/instance.ts";
import { end } from "./token/closing.ts";
import { Draft } from "./token/draft.ts";
import type { Workflow } from "./workflow.ts";

/**
 * What follows from an input, as facts; none if nothing does. A function of its arguments: asked again, with an instance
 * that was written and read back, it answers the same. Only an instance that starts or is active needs its workflow.
 * Throws an Error if the input cannot be decided: its workflow is not known, or does not fit.
 */
export function decide(
  workflow: Workflow | undefined,
  instance: Instance,
  input: Input,
  env: Environment,
): readonly InstanceEvent[] {
  if (input.type !== "ReachTime" && isDeeper(input as unknown as Json, DATA_DEPTH_MAX)) {
    throw new Error(`${input.type}: expected it nested at most ${DATA_DEPTH_MAX} levels deep, found more`);
  }
  switch (instance.status) {
    case "absent":
      if (input.type === "ReachTime") return expired(instance.buffer, env.nowMs);
      if (input.type === "DeliverEvent") return [deliverEarly(instance, input, env.nowMs)];
      if (input.type !== "StartInstance") return [];
      return decisionOf(known(workflow, input.workflow), instance, env, (draft) => start(draft, input));
    case "active":
      return decisionOf(known(workflow, instance.workflow), instance, env, (draft) => act(draft, instance, input));
    case "completed":
    case "aborted":
    case "faulted":
      return input.type === "DeliverEvent" ? [deliverLate(instance, input)] : repeatedStart(input);
  }
}

function act(draft: Draft, instance: ActiveInstance, input: Input): void {
  switch (input.type) {
    case "ReachTime":
      fireTimers(draft);
      if (draft.isActive) draft.emit(...expired(draft.active.buffer, draft.env.nowMs));
      break;
    case "StartInstance":
      draft.emit(...repeatedStart(input));
      break;
    case "DeliverEvent":
      deliver(draft, input);
      break;
    case "CompleteAction":
      completeAction(draft, input);
      break;
    case "RefuseWait":
      refuseWait(draft, input);
      break;
    case "AbortInstance":
      draft.emit(...end(instance, { type: "InstanceAborted", reason: "by request" }));
      break;
    case "ReplaceData":
      draft.change(input.data);
      break;
    case "MergeData":
      draft.change(merge(input.data, instance.data));
      break;
  }
}

/** An event that would start an instance which has been started: it is the same event, or there would be another id. */
function repeatedStart(input: Input): readonly InstanceEvent[] {
  if (input.type !== "StartInstance" || input.event === undefined) return [];
  const { event } = input.event;
  const reason = "it has started this instance already";
  return [{ type: "EventIgnored", event, disposition: "duplicate", reason, found: { by: "instance" } }];
}

function decisionOf(
  workflow: Workflow,
  instance: Instance,
  env: Environment,
  act: (draft: Draft) => void,
): readonly InstanceEvent[] {
  const draft = new Draft(workflow, instance, env);
  act(draft);
  return draft.events;
}

function known(workflow: Workflow | undefined, id: Command["instance"]): Workflow {
  if (workflow === undefined) throw new Error(`expected the definition of workflow ${JSON.stringify(id)}, found none`);
  return workflow;
}
