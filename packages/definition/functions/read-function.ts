import { checkExpression } from "../check-expression.ts";
import type { Members } from "../document/members.ts";
import { describe, quote, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import { reportLate } from "../document/reading.ts";
import type { AuthDefinition, FunctionDefinition } from "../model.ts";
import { readOperation } from "../openapi/operation.ts";
import { lookUp, type Table } from "../workflow/scope.ts";
import { unreadFunction } from "../workflow/stand-ins.ts";
import { noteUnknownMembers } from "../workflow/workflow-variable.ts";
import { readAsyncApi } from "./asyncapi.ts";
import { type Base, refuse, unread, type Written } from "./base.ts";
import { readCustom } from "./custom.ts";
import { readGraphQl } from "./graphql.ts";
import { readOData } from "./odata.ts";
import { readRpc } from "./rpc.ts";

const TYPES = ["rest", "custom", "expression", "asyncapi", "rpc", "graphql", "odata"] as const;

/** Reads one of `functions`; an operation of another document is looked up there. */
export function readFunction(members: Members, auth: Table<AuthDefinition>): FunctionDefinition {
  const base: Base = {
    name: members.text("name", "the name of the function"),
    ...present({ authRef: readAuthRef(members, auth) }),
    metadata: members.jsonObject("metadata") ?? {},
  };
  const type = members.choice("type", TYPES, "rest");
  const node = members.require("operation", "the operation of the function");
  const operation = textOf(node);
  if (node !== undefined && operation === undefined) {
    members.report(node, "the operation of the function", describe(node));
  }
  if (type === undefined || node === undefined || operation === undefined) return { ...unreadFunction, ...base };
  const written: Written = { base, members, operation, node };
  switch (type) {
    case "rest":
      return readRest(written);
    case "custom":
      return readCustom(written);
    case "expression": {
      const reason = checkExpression(operation, members.reading.language, true);
      if (reason === undefined) noteUnknownMembers(node, operation, members.reading);
      else reportLate(members.reading, node, "an expression", `${quote(operation)}: ${reason}`);
      return { kind: "expression", ...base, expression: operation };
    }
    case "asyncapi":
      return readAsyncApi(written);
    case "rpc":
      return readRpc(written);
    case "graphql":
      return readGraphQl(written);
    case "odata":
      return readOData(written);
  }
}

/** SonataFlow asks for it only to fetch a document. */
function readAuthRef(members: Members, auth: Table<AuthDefinition>): string | undefined {
  const node = members.get("authRef");
  const { reading } = members;
  const problems = reading.isLenient ? reading.notes : reading.problems;
  return lookUp(node, "an auth definition", auth, { problems })?.name;
}

function readRest(written: Written): FunctionDefinition {
  const { base, members, operation: text, node } = written;
  const [document = "", operationId = "", ...more] = text.split("#");
  if (document === "" || operationId === "" || more.length > 0) {
    return refuse(written, 'an OpenAPI document and an operation, "specs/orders.yaml#createOrder"', quote(text));
  }
  const operation = readOperation(document, operationId, node, members.reading);
  return operation === undefined ? unread(written) : { kind: "openapi", ...base, operation };
}
