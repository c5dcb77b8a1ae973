import type { FunctionDefinition } from "@antiphon/definition";
import { type ActionOutcome, type ActionRequested, isJsonObject, type Json } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";
import { jsonBody } from "../request/body.ts";
import type { RequestParts } from "../request/http-request.ts";
import { failed, RUNTIME } from "./failed.ts";
import { graphQlDocument } from "./graphql-document.ts";

type GraphQlFunction = Extract<FunctionDefinition, { readonly kind: "graphql" }>;

/** How many of a service's errors a workflow's error tells. */
const ERRORS_TOLD_MAX = 10;

/** The request for a field. `metadata.variableTypes` of the function has the types of its arguments, where they are known. */
export function graphQlRequest(
  called: GraphQlFunction,
  { arguments: args, selectionSet }: ActionRequested,
): RequestParts {
  if (args !== null && !isJsonObject(args)) {
    throw new ActionError(
      "400",
      `GraphQL field "${called.field}": expected an object of arguments, found another value`,
    );
  }
  const { variableTypes } = called.metadata;
  const document = graphQlDocument(called, args ?? {}, selectionSet, isJsonObject(variableTypes) ? variableTypes : {});
  return {
    method: "POST",
    base: called.url,
    path: "",
    query: [],
    headers: [["accept", "application/graphql-response+json, application/json;q=0.9"]],
    body: jsonBody({ ...document }),
  };
}

/** What a service's response says about a field: its value, or why there is none. */
export function graphQlOutcome({ field }: GraphQlFunction, outcome: ActionOutcome): ActionOutcome {
  if (outcome.status === "failed") return outcome;
  const { output, http } = outcome;
  const errors = isJsonObject(output) && Array.isArray(output.errors) ? output.errors : [];
  if (errors.length > 0)
    return failed(codeOf(errors[0] ?? null), errors.slice(0, ERRORS_TOLD_MAX).map(messageOf).join("; "), RUNTIME);
  // A refusal is told by its status.
  if (http !== undefined && (http.status < 200 || http.status > 299)) return outcome;
  const data = isJsonObject(output) ? output.data : undefined;
  if (!isJsonObject(data) || !Object.hasOwn(data, field)) {
    return failed(
      "response",
      `expected a response of GraphQL with "data" and its "${field}", found another one`,
      RUNTIME,
    );
  }
  return { status: "completed", output: data[field] ?? null, ...(http !== undefined && { http }) };
}

function messageOf(error: Json): string {
  return isJsonObject(error) && typeof error.message === "string" ? error.message : "an error without a message";
}

/** As many services classify their errors: `extensions.code`. */
function codeOf(error: Json): string {
  const extensions = isJsonObject(error) ? error.extensions : undefined;
  return isJsonObject(extensions) && typeof extensions.code === "string" ? extensions.code : "graphql";
}
