import { propertyOf } from "@antiphon/definition";
import type { Json, JsonObject } from "@antiphon/protocol";
import type { Draft } from "../token/draft.ts";
import type { Visit } from "../token/visit.ts";
import type { Variables } from "./evaluate.ts";
import { reasonPhrase } from "./reason-phrase.ts";

/** The wait of a callback state, which its callback URL resolves. */
export const CALLBACK_PLACE = "event";

/** What expressions of a state may name: `$WORKFLOW`, `$CONST`, `$SECRET`, and the variables of the branch and the start. */
export function variablesOf(visit: Visit): Variables {
  return variables(visit.draft, () => workflowOf(visit), visit.variables);
}

/** What the filters of a start event may name: of the instance there is its id only. */
export function startVariables(draft: Draft, instance: string): Variables {
  const { id, name } = draft.workflow.definition;
  return variables(draft, () => ({ id, name, instanceId: instance }));
}

/** Where the answer to the callback state that is visited may be sent. */
export function callbackUrl(visit: Visit): string {
  return visit.env.callbackUrl(visit.instance.id, visit.id(CALLBACK_PLACE));
}

function variables(
  { env, budget, workflow: { definition } }: Draft,
  workflowVariable: () => Json,
  named: JsonObject = {},
): Variables {
  return {
    nowMs: env.nowMs,
    clock: env.clock,
    allowance: budget.allowance,
    workflow: workflowVariable,
    constants: definition.constants,
    secret: (path) =>
      (env.secrets === undefined ? propertyOf(definition.secretValues, path) : env.secrets(path)) ?? null,
    named,
  };
}

function workflowOf(visit: Visit): Json {
  const { instance, draft } = visit;
  const { lastHttp } = instance;
  return {
    id: draft.workflow.definition.id,
    name: draft.workflow.definition.name,
    instanceId: instance.id,
    headers: instance.headers,
    input: instance.input ?? null,
    // As upstream calls whoever did not log in; Antiphon itself asks for no log-in.
    identity: "anonymous",
    prevActionResult: visit.lastResult,
    statusCode: lastHttp?.status ?? null,
    statusMessage: lastHttp === undefined ? null : reasonPhrase(lastHttp.status),
    responseHeaders: lastHttp?.headers ?? {},
    callbackUrl: visit.state.state.type === "callback" ? callbackUrl(visit) : null,
  };
}
