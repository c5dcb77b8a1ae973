import {
  type ActionOutcome,
  type CompleteAction,
  formatJson,
  type InstanceEvent,
  type Json,
  type WorkflowError,
} from "@antiphon/protocol";
import { CATCH_ALL } from "../errors/workflow-fault.ts";
import type { ActiveInstance, FaultedInstance } from "../instance/instance.ts";
import { reasonPhrase } from "../language/reason-phrase.ts";
import { advance } from "../token/advance.ts";
import type { Draft } from "../token/draft.ts";

/** What came of an action is taken in, if somebody still waits for it. */
export function completeAction(draft: Draft, { action, attempt = 1, outcome }: CompleteAction): void {
  completeDetached(draft, draft.active, { action, outcome });
  const { actions, attempts } = draft.active;
  const pending = actions[action];
  if (pending?.status !== "pending" || attempt !== (attempts?.[action] ?? 1)) return;
  const { functions } = draft.workflow.definition;
  // Metadata of the language are texts, "false"; people of SonataFlow write false.
  const failsOnStatus = String(functions[pending.function]?.metadata.failOnStatusCode) !== "false";
  draft.emit(factOf(action, outcome, failsOnStatus));
  advance(draft);
}

/** What came of an action that nobody waits for; nothing follows from it, also while the instance has failed. */
export function completeDetached(
  draft: Draft,
  { detached }: ActiveInstance | FaultedInstance,
  { action, outcome }: Pick<CompleteAction, "action" | "outcome">,
): void {
  if (detached?.[action] !== undefined) draft.emit(factOf(action, outcome, true));
}

function factOf(action: string, outcome: ActionOutcome, failsOnStatus: boolean): InstanceEvent {
  if (outcome.status === "failed") return { type: "ActionFailed", action, error: outcome.error };
  const { output, http } = outcome;
  if (http !== undefined && failsOnStatus && (http.status < 200 || http.status > 299)) {
    return { type: "ActionFailed", action, error: statusError(http.status, output) };
  }
  return {
    type: "ActionCompleted",
    action,
    ...(output !== undefined && { output }),
    ...(http && { http }),
  };
}

/** The classes by which SonataFlow's users know a service's refusal. */
const WORK_ITEM = [
  "org.kie.kogito.internal.process.workitem.WorkItemExecutionException",
  "org.kie.kogito.process.workitem.WorkItemExecutionException",
  ...CATCH_ALL,
];

function statusError(status: number, body: Json | undefined): WorkflowError {
  const text = typeof body === "string" ? body : body === undefined || body === null ? "" : formatJson(body);
  const message = text === "" ? `the service answered ${status} ${reasonPhrase(status)}`.trimEnd() : text;
  return { code: String(status), message, classes: WORK_ITEM };
}
