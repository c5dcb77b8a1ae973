import type { Json } from "@antiphon/protocol";
import { WorkflowFault } from "../errors/workflow-fault.ts";
import type { ActionState } from "../instance/instance.ts";
import type { Visit } from "../token/visit.ts";

/** What has come of a call so far. */
export type Answer = { readonly status: "pending" } | { readonly status: "done"; readonly output?: Json };

export const pending: Answer = { status: "pending" };
export const nothing: Answer = { status: "done" };

/** What has come of an action that somebody else performs; throws `WorkflowFault` if it failed. */
export function answerOf(action: ActionState, visit: Visit, place: string): Answer {
  switch (action.status) {
    case "pending":
      return pending;
    case "failed":
      throw new WorkflowFault({ where: `${visit.where}, action ${JSON.stringify(place)}`, ...action.error });
    case "completed":
      return action.output === undefined ? nothing : { status: "done", output: action.output };
    case "cancelled":
      throw new Error(`expected action ${visit.id(place)} to be left with its state, found it cancelled`);
  }
}
