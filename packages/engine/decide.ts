import type { Command, InstanceEvent, Json } from "@antiphon/protocol";
import { expired } from "./buffer.ts";
import { end } from "./closing.ts";
import { completeAction } from "./complete-action.ts";
import { deliver, deliverEarly, deliverLate } from "./deliver.ts";
import { DATA_DEPTH_MAX, isDeeper } from "./depth.ts";
import { Draft } from "./draft.ts";
import type { Environment, Input } from "./environment.ts";
import type { ActiveInstance, Instance } from "./instance.ts";
import { merge } from "./merge.ts";
import { start } from "./start.ts";
import { fireTimers } from "./time.ts";
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
      if (draft.isActive) emitAll(draft, expired(draft.active.buffer, draft.env.nowMs));
      return;
    case "StartInstance":
      return emitAll(draft, repeatedStart(input));
    case "DeliverEvent":
      return deliver(draft, input);
    case "CompleteAction":
      return completeAction(draft, input);
    case "AbortInstance":
      return emitAll(draft, end(instance, { type: "InstanceAborted", reason: "by request" }));
    case "ReplaceData":
      return draft.change(input.data);
    case "MergeData":
      return draft.change(merge(input.data, instance.data));
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

function emitAll(draft: Draft, facts: readonly InstanceEvent[]): void {
  for (const fact of facts) draft.emit(fact);
}

function known(workflow: Workflow | undefined, id: Command["instance"]): Workflow {
  if (workflow === undefined) throw new Error(`expected the definition of workflow ${JSON.stringify(id)}, found none`);
  return workflow;
}
