import type { FunctionDefinition } from "@antiphon/definition";
import { type ActionOutcome, isExactNumber, isJsonObject, type Json, type JsonObject } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";
import type { RequestParts } from "../request/http-request.ts";
import { textOf } from "../request/parameter-text.ts";

type ODataFunction = Extract<FunctionDefinition, { readonly kind: "odata" }>;

/** The options of a query by their names in a workflow, and in a URL. */
const OPTIONS: Readonly<Record<string, string>> = {
  filter: "$filter",
  expand: "$expand",
  select: "$select",
  orderBy: "$orderby",
  top: "$top",
  skip: "$skip",
  count: "$count",
  search: "$search",
  format: "$format",
  compute: "$compute",
  index: "$index",
  schemaVersion: "$schemaversion",
};

/** The request for the entities of a set, or for the one with the given `key`. Throws `ActionError`. */
export function odataRequest({ url, entitySet }: ODataFunction, args: Json): RequestParts {
  const { key, queryOptions, ...others } = objectOf(args, `OData entity set "${entitySet}"`);
  for (const name of Object.keys(others)) throw unknown(name, "arguments", ["key", "queryOptions"]);
  return {
    method: "GET",
    base: url.replace(/\/+$/, ""),
    path: `/${entitySet}${key === undefined || key === null ? "" : `(${encodeURIComponent(keyText(key))})`}`,
    query: Object.entries(objectOf(queryOptions ?? null, "queryOptions")).flatMap(([name, value]) =>
      option(name, value),
    ),
    headers: [["odata-maxversion", "4.01"]],
  };
}

/** The entities are the result, not what surrounds them, unless their count was asked for, which stands there. */
export function odataOutcome(args: Json, outcome: ActionOutcome): ActionOutcome {
  if (outcome.status === "failed" || !isJsonObject(outcome.output)) return outcome;
  const { value } = outcome.output;
  const options = isJsonObject(args) && isJsonObject(args.queryOptions) ? args.queryOptions : {};
  return Array.isArray(value) && options.count !== true && options.count !== "true"
    ? { ...outcome, output: value }
    : outcome;
}

function option(name: string, value: Json): readonly string[] {
  const written = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  if (written === undefined) throw unknown(name, "queryOptions", Object.keys(OPTIONS));
  return value === null ? [] : [`${written}=${encodeURIComponent(textOf(value))}`];
}

/**
 * A key as OData writes it. Numbers, GUIDs, keys of several parts (`a=1,b='x'`) and what stands in quotes already are
 * left as they are; any other text is put in quotes.
 */
function keyText(key: Json): string {
  if (typeof key === "number" || typeof key === "boolean" || isExactNumber(key)) return textOf(key);
  if (typeof key !== "string")
    throw new ActionError("400", "OData key: expected a text or a number, found another value");
  const isWritten = /^(?:-?\d+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|'.*'|[A-Za-z_]\w*=.+)$/is.test(key);
  return isWritten ? key : `'${key.replaceAll("'", "''")}'`;
}

function objectOf(value: Json, what: string): JsonObject {
  if (value === null) return {};
  if (isJsonObject(value)) return value;
  throw new ActionError("400", `${what}: expected an object, found another value`);
}

function unknown(name: string, what: string, among: readonly string[]): ActionError {
  return new ActionError("400", `OData ${what}: expected ${among.join(", ")}, found ${JSON.stringify(name)}`);
}
