import { isJsonObject, type Json } from "@antiphon/protocol";
import { readJson } from "../http/body.ts";
import { Problem } from "../http/problem.ts";

/**
 * The data that a request starts an instance with, as SonataFlow reads its body: the member `workflowdata`, or the whole
 * object where there is none. No body, and an empty text for the data, are an empty object.
 */
export function startData(text: string): Json {
  if (text.trim() === "") return {};
  const body = readJson(text);
  if (!isJsonObject(body)) {
    const found = body === null ? "null" : Array.isArray(body) ? "an array" : `a ${typeof body}`;
    throw new Problem(400, "unusable-body", `the body: expected an object, found ${found}`);
  }
  if (!Object.hasOwn(body, "workflowdata")) return body;
  const data = body.workflowdata ?? null;
  return data === "" || data === null ? {} : data;
}
