import type { InstanceEvent, ParentAction, RetriggerInstance, StartInstance } from "@antiphon/protocol";
import { CATCH_ALL } from "../errors/workflow-fault.ts";
import type { AbsentInstance, EndedInstance } from "../instance/instance.ts";
import { abortedOutcome } from "../token/closing.ts";

/** There is no workflow of the name that an action has asked for. */
export function missing({ workflow, version }: StartInstance, parent: ParentAction): InstanceEvent {
  const found = version === undefined ? "" : `, version ${JSON.stringify(version)}`;
  const message = `expected a workflow ${JSON.stringify(workflow)}${found}, found none that is deployed`;
  return refused(parent, "no-workflow", message);
}

/** Another instance asks this one to go on for it: what it has come to already is told once more. */
export function resultAgain(
  instance: AbsentInstance | EndedInstance,
  { parent }: RetriggerInstance,
): readonly InstanceEvent[] {
  if (!isAwaited(parent)) return [];
  switch (instance.status) {
    case "absent":
      return [refused(parent, "no-instance", "expected the instance that performs the action, found none")];
    case "completed":
      // Where another one goes on for it, that one tells.
      if (instance.continuedAs !== undefined) return [];
      return [{ type: "ResultReturned", parent, outcome: { status: "completed", output: instance.data } }];
    case "aborted":
      return [{ type: "ResultReturned", parent, outcome: abortedOutcome(instance, instance.reason) }];
  }
}

/** Whether the action of another instance waits for what this one comes to. */
export function isAwaited(parent: ParentAction | undefined): parent is ParentAction {
  return parent !== undefined && !parent.detached;
}

export function refused(parent: ParentAction, code: string, message: string): InstanceEvent {
  return {
    type: "ResultReturned",
    parent,
    outcome: { status: "failed", error: { code, message, classes: CATCH_ALL } },
  };
}
