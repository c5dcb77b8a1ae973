import { isJsonObject, type Json } from "@antiphon/protocol";
import { memberOf, type Node, quote } from "../document/node.ts";
import type { Reading } from "../document/reading.ts";
import type { FunctionDefinition } from "../model.ts";

/** Methods of functions `rest:METHOD:url` whose requests have a body. */
const WITH_BODY = ["POST", "PUT", "PATCH"];

/** Whether the requests of a method have a body: arguments that go nowhere else are there. */
export function hasBody(method: string): boolean {
  return WITH_BODY.includes(method);
}

/** Notes each argument that an action names and its function has no place for: it is passed over. */
export function noteUnusedArguments(
  node: Node | undefined,
  given: Json | undefined,
  called: FunctionDefinition,
  { notes }: Pick<Reading, "notes">,
): void {
  const taken = takenBy(called);
  if (node === undefined || taken === undefined || !isJsonObject(given)) return;
  for (const name of Object.keys(given)) {
    if (taken.takes(name)) continue;
    notes.report(memberOf(node, name) ?? node, taken.expected, `${quote(name)}, which is passed over`);
  }
}

/** Which arguments a function has a place for; undefined: it takes all of them, or refuses when it is called. */
function takenBy(
  called: FunctionDefinition,
): { readonly expected: string; readonly takes: (name: string) => boolean } | undefined {
  switch (called.kind) {
    case "http": {
      if (hasBody(called.method)) return undefined;
      const named = placeholdersOf(called.url);
      const expected = `an argument in {…} of the URL, HEADER_… or QUERY_…, as ${called.method} has no body`;
      return { expected, takes: (name) => named.has(name) || /^(?:HEADER|QUERY)_./s.test(name) };
    }
    case "openapi": {
      const { operation } = called;
      if (operation.body !== undefined) return undefined;
      const named = new Set([...placeholdersOf(operation.path), ...operation.parameters.map(({ name }) => name)]);
      const expected = `the name of a parameter of ${quote(operation.operationId)}, which has no body`;
      return { expected, takes: (name) => named.has(name) };
    }
    case "expression":
      return { expected: "no arguments of an expression, which is evaluated on the data", takes: () => false };
    case "asyncapi":
      if (called.direction === "send") return undefined;
      return { expected: "no arguments of an operation that waits for an event", takes: () => false };
    case "sysout":
      return { expected: 'a "message" alone for sysout', takes: (name) => name === "message" };
    case "rpc":
    case "graphql":
    case "odata":
    case "knative":
    case "module":
      return undefined;
  }
}

function placeholdersOf(template: string): ReadonlySet<string> {
  return new Set([...template.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name));
}
