import { isJsonObject, type Json, type JsonObject, kindOf } from "@antiphon/protocol";
import { readJson } from "../http/body.ts";
import { Problem } from "../http/problem.ts";

/** What a request starts an instance with. */
export interface StartBody {
  readonly data: Json;
  /** What stood beside the data: expressions name it, `$name`. Absent: nothing did. */
  readonly variables?: JsonObject;
}

/**
 * Reads the body of a start as SonataFlow does: the data is its member `workflowdata`, and other members stand beside it;
 * without that member the whole object is the data. No body, and an empty text for the data, are an empty object.
 */
export function startBody(text: string): StartBody {
  if (text.trim() === "") return { data: {} };
  const body = readJson(text);
  if (!isJsonObject(body)) {
    throw new Problem(400, "unusable-body", `the body: expected an object, found ${kindOf(body)}`);
  }
  if (!Object.hasOwn(body, "workflowdata")) return { data: body };
  const { workflowdata = null, ...variables } = body;
  const data = workflowdata === "" || workflowdata === null ? {} : workflowdata;
  return Object.keys(variables).length === 0 ? { data } : { data, variables };
}
