import type { Node } from "../document/node.ts";
import { describe, memberOf, placeOfMissing, quote, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import { once, type Reading } from "../document/reading.ts";
import type { OpenApiOperation } from "../model.ts";
import { readAnswers } from "./answers.ts";
import { readBody } from "./body.ts";
import { readCallbacks } from "./callbacks.ts";
import { readParameters } from "./parameters.ts";
import { follow, followTo } from "./reference.ts";
import { readSecurity } from "./security.ts";
import { serverOf } from "./servers.ts";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

interface Found {
  readonly id: string;
  readonly path: string;
  readonly method: string;
  readonly operation: Node;
  readonly pathItem: Node;
  readonly root: Node;
}

/** The operations of a document; of several with one name, the first. */
interface Operations {
  readonly byId: ReadonlyMap<string, Found>;
  readonly byCamel: ReadonlyMap<string, Found>;
}

/**
 * The operation of an OpenAPI 3 document with the given id, which may also be written in camel case. `place` is where a
 * function names it; problems are reported there, or within the document.
 */
export function readOperation(
  document: string,
  operationId: string,
  place: Node,
  reading: Reading,
): OpenApiOperation | undefined {
  const root = reading.sources.open(document, place);
  if (root === undefined) return undefined;
  if (memberOf(root, "swagger") !== undefined) {
    reading.problems.report(root, "an OpenAPI 3 document", "one of version 2 (Swagger), which must be converted");
    return undefined;
  }
  const version = memberOf(root, "openapi");
  if (!/^3\./.test(textOf(version) ?? "")) {
    reading.problems.report(version ?? placeOfMissing(root, "openapi"), "a version 3 of OpenAPI", describe(version));
    return undefined;
  }
  const operations = once(operationsIn, root, reading);
  const found = operations.byId.get(operationId) ?? operations.byCamel.get(camel(operationId));
  if (found === undefined) {
    const expected = `the id of an operation in ${root.file}`;
    const among = operations.byId.keys();
    reading.problems.report(place, expected, quote(operationId), { name: operationId, among });
    return undefined;
  }
  return { document, ...once(readFound, found, reading) };
}

function readFound(
  { id, method, path, operation, pathItem, root }: Found,
  reading: Reading,
): Omit<OpenApiOperation, "document"> {
  return {
    operationId: id,
    method: method.toUpperCase(),
    path,
    ...present({
      server: serverOf([operation, pathItem, root], reading),
      title: textOf(followTo(memberOf(root, "info"), "title", reading)),
    }),
    parameters: readParameters([pathItem, operation], reading),
    ...present({ body: readBody(operation, reading), answers: readAnswers(operation, reading) }),
    security: readSecurity(operation, root, reading),
    callbacks: readCallbacks(followTo(operation, "callbacks", reading), reading),
  };
}

function operationsIn(root: Node, reading: Reading): Operations {
  const paths = followTo(root, "paths", reading);
  const byId = new Map<string, Found>();
  const byCamel = new Map<string, Found>();
  for (const [path, node] of paths?.kind === "object" ? paths.members : []) {
    const pathItem = follow(node, reading);
    for (const method of METHODS) {
      const operation = followTo(pathItem, method, reading);
      const id = textOf(memberOf(operation, "operationId"));
      if (pathItem !== undefined && operation !== undefined && id !== undefined) {
        const found = { id, path, method, operation, pathItem, root };
        if (!byId.has(id)) byId.set(id, found);
        if (!byCamel.has(camel(id))) byCamel.set(camel(id), found);
      }
    }
  }
  return { byId, byCamel };
}

function camel(id: string): string {
  const joined = id.replace(/[^\p{L}\p{N}]+(.)?/gu, (_, next: string | undefined) => (next ?? "").toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}
