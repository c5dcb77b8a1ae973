import type { JsonObject } from "@antiphon/protocol";
import { schemaRef } from "./data-schema.ts";

/** One call, as little as it takes to say what it is. */
export interface Call {
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  /** Names of parameters in the query; those in the path follow from the path. */
  readonly query?: readonly string[];
  readonly headers?: readonly string[];
  /** What the body may be, by media type; absent: it has none. */
  readonly body?: Readonly<Record<string, JsonObject>>;
  /** Whether there must be a body. */
  readonly needsBody?: boolean;
  /** What it answers, by status: what that means, and the schema of the document, if it has one. */
  readonly answers: Readonly<Record<string, readonly [meaning: string, schema?: JsonObject]>>;
  /** What the answer is written as; absent: JSON. */
  readonly answersAs?: string;
}

/** An operation of an OpenAPI document, at a path with `{name}`s in it. Whatever goes wrong is answered with a problem. */
export function operation(path: string, call: Call): JsonObject {
  const { id, tag, summary, query = [], headers = [], body, needsBody, answers } = call;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => parameter(name, "path"));
  const parameters = [
    ...inPath,
    ...query.map((name) => parameter(name, "query")),
    ...headers.map((name) => parameter(name, "header")),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { ...(needsBody && { required: true }), content: contentOf(body) } }),
    responses: { ...responsesOf(answers, call.answersAs ?? "application/json"), default: PROBLEM },
  };
}

const PROBLEM: JsonObject = {
  description: "why it is not done",
  content: { "application/problem+json": { schema: schemaRef("Problem") } },
};

function parameter(name: string, place: "path" | "query" | "header"): JsonObject {
  return { name, in: place, ...(place === "path" && { required: true }), schema: { type: "string" } };
}

function responsesOf(answers: Call["answers"], type: string): JsonObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, [description, schema]]) => {
      const content = schema === undefined ? {} : { content: { [type]: { schema } } };
      return [status, { description, ...content }];
    }),
  );
}

function contentOf(body: Readonly<Record<string, JsonObject>>): JsonObject {
  return Object.fromEntries(Object.entries(body).map(([type, schema]) => [type, { schema }]));
}
