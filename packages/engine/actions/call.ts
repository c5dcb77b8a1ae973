import type { Action } from "@antiphon/definition";
import type { Json } from "@antiphon/protocol";
import type { Language } from "../language/language.ts";
import type { Visit } from "../token/visit.ts";
import type { Answer } from "./answer.ts";
import { asyncApiCall } from "./asyncapi-call.ts";
import { eventCall } from "./event-call.ts";
import { expressionCall } from "./expression-call.ts";
import { logCall } from "./log-call.ts";
import { remoteCall } from "./remote-call.ts";
import { subflowCall } from "./subflow-call.ts";

/**
 * Performs an action's call, or asks for it to be performed. Run again while the answer is out; throws `WorkflowFault` if
 * it failed.
 */
export type Call = (visit: Visit, input: Json) => Answer;

/** `place` is the action's own in its state; its id is `{visit}.{place}`. */
export function compileCall(language: Language, { call }: Action, place: string): Call {
  switch (call.kind) {
    case "produce":
      return eventCall(language, call, place);
    case "subflow":
      return subflowCall(call, place);
    case "function":
      break;
  }
  const { function: called } = call;
  switch (called.kind) {
    case "expression":
      return expressionCall(language, called, place);
    case "sysout":
      return logCall(language, called.level, call.arguments);
    case "asyncapi":
      return asyncApiCall(language, called, call, place);
    default:
      return remoteCall(language, { ...call, function: called }, place);
  }
}
