import { checkExpression } from "../check-expression.ts";
import type { Members } from "../document/members.ts";
import type { Node } from "../document/node.ts";
import { describe, oneOf, quote, textOf } from "../document/node.ts";
import { NOT_YET } from "../document/problems.ts";
import type { FunctionDefinition, LogLevel } from "../model.ts";
import { readOperation } from "../openapi/operation.ts";
import { unreadFunction } from "./stand-ins.ts";

const TYPES = ["rest", "custom", "expression", "asyncapi", "rpc", "graphql", "odata"] as const;
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const LEVELS: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error"];

/** Reads one of `functions`; an operation of an OpenAPI document is looked up there. */
export function readFunction(members: Members): FunctionDefinition {
  members.unsupportedAnywhere("authRef");
  const base = {
    name: members.text("name", "the name of the function"),
    metadata: members.jsonObject("metadata") ?? {},
  };
  const type = members.choice("type", TYPES, "rest");
  const node = members.require("operation", "the operation of the function");
  const operation = textOf(node);
  if (node !== undefined && operation === undefined) {
    members.report(node, "the operation of the function", describe(node));
  }
  if (type === undefined || node === undefined || operation === undefined) {
    return { ...unreadFunction, ...base };
  }
  switch (type) {
    case "rest":
      return restFunction(members, node, operation, base);
    case "custom":
      return customFunction(members, node, operation, base);
    case "expression": {
      const reason = checkExpression(operation);
      if (reason !== undefined) members.report(node, "an expression", `${quote(operation)}: ${reason}`);
      return { kind: "expression", ...base, expression: operation };
    }
    case "asyncapi":
    case "rpc":
    case "graphql":
    case "odata":
      members.report(members.get("type") ?? node, '"rest", "custom" or "expression"', `${quote(type)}${NOT_YET}`);
      return { ...unreadFunction, ...base };
  }
}

type Base = Pick<FunctionDefinition, "name" | "metadata">;

function restFunction(members: Members, node: Node, text: string, base: Base): FunctionDefinition {
  const [document = "", operationId = "", ...more] = text.split("#");
  if (document === "" || operationId === "" || more.length > 0) {
    members.report(node, 'an OpenAPI document and an operation, "specs/orders.yaml#createOrder"', quote(text));
    return { ...unreadFunction, ...base };
  }
  const operation = readOperation(document, operationId, node, members.reading);
  return operation === undefined ? { ...unreadFunction, ...base } : { kind: "openapi", ...base, operation };
}

function customFunction(members: Members, node: Node, text: string, base: Base): FunctionDefinition {
  const rest = /^rest:([a-z]+):(.+)$/i.exec(text);
  if (rest) {
    const [, method = "", url = ""] = rest;
    if (METHODS.includes(method.toUpperCase())) return { kind: "http", ...base, method: method.toUpperCase(), url };
    members.report(node, oneOf(METHODS), quote(method), { name: method.toUpperCase(), among: METHODS });
    return { ...unreadFunction, ...base };
  }
  const sysout = /^sysout(?::(.*))?$/i.exec(text);
  if (sysout) {
    const level = LEVELS.find((candidate) => candidate === (sysout[1] ?? "info").toLowerCase());
    if (level === undefined)
      members.report(node, `a level, ${oneOf(LEVELS.map((name) => name.toUpperCase()))}`, quote(text));
    return { kind: "sysout", ...base, level: level ?? "info" };
  }
  members.report(node, 'an operation "rest:METHOD:url" or "sysout:LEVEL"', `${quote(text)}${NOT_YET}`);
  return { ...unreadFunction, ...base };
}
