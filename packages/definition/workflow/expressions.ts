import type { Json } from "@antiphon/protocol";
import { isExactNumber } from "@antiphon/protocol";
import { checkExpression } from "../check-expression.ts";
import type { Members } from "../document/members.ts";
import { nearestName } from "../document/nearest-name.ts";
import type { Node } from "../document/node.ts";
import { describe, quote, textOf } from "../document/node.ts";
import { durationMs, hasYearsOrMonths } from "../duration.ts";
import type { FunctionDefinition } from "../model.ts";
import type { Scope, Table } from "./scope.ts";

/** Reads a member that must be an expression, if it is there. `fn:name` is replaced by what that function says. */
export function readExpression(members: Members, name: string, scope: Scope): string | undefined {
  const node = members.get(name);
  return node && expressionOf(node, scope);
}

/** Reads a member that must be there and be an expression. */
export function requireExpression(members: Members, name: string, scope: Scope): string {
  const node = members.require(name, "an expression");
  return (node && expressionOf(node, scope)) ?? "";
}

/** Reads a member that is a duration, or an expression that yields one. */
export function readDuration(members: Members, name: string): string | undefined {
  const node = members.get(name);
  const text = textOf(node);
  if (node === undefined || (text !== undefined && durationMs(text) !== undefined)) return text;
  const expected = 'an ISO 8601 duration such as "PT1H30M", or an expression';
  if (text !== undefined && hasYearsOrMonths(text)) {
    members.report(node, "a duration without years and months, which are not of one length", quote(text));
  } else if (
    text === undefined ||
    text === "" ||
    /^[-+]?P[\dT.,-]/i.test(text) ||
    checkExpression(text) !== undefined
  ) {
    members.report(node, expected, describe(node));
  }
  return text;
}

/** A value of which each text may be an expression, with `fn:name` replaced by what that function says. */
export function spellOut(value: Json, functions: Table<FunctionDefinition>): Json {
  if (typeof value === "string") return spellOutText(value, functions);
  if (typeof value !== "object" || value === null || isExactNumber(value)) return value;
  if (Array.isArray(value)) return value.map((item) => spellOut(item, functions));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, spellOut(member, functions)]));
}

/** A text with `fn:name` replaced by what that function says. */
export function spellOutText(text: string, functions: Table<FunctionDefinition>): string {
  return functionNamed(text, functions)?.expression ?? text;
}

function expressionOf(node: Node, scope: Scope): string | undefined {
  const { problems } = scope.reading;
  const text = textOf(node);
  if (text === undefined || text === "") {
    problems.report(node, "an expression", describe(node));
    return undefined;
  }
  const name = functionNameIn(text);
  if (name !== undefined) {
    const expression = functionNamed(text, scope.functions)?.expression;
    const names = [...(scope.functions?.values() ?? [])]
      .filter(({ kind }) => kind === "expression")
      .map((one) => one.name);
    if (expression === undefined && scope.functions !== undefined) {
      problems.report(node, "the name of an expression function", quote(name), nearestName(name, names));
    }
    return expression;
  }
  const reason = checkExpression(text);
  if (reason !== undefined) problems.report(node, "an expression", `${quote(text)} (${reason})`);
  return text;
}

function functionNamed(text: string, functions: Table<FunctionDefinition>) {
  const name = functionNameIn(text);
  const meant = name === undefined ? undefined : functions?.get(name);
  return meant?.kind === "expression" ? meant : undefined;
}

function functionNameIn(text: string): string | undefined {
  return /^\s*(?:\$\{\s*fn:(.*?)\s*\}|fn:(.*?))\s*$/s
    .exec(text)
    ?.slice(1)
    .find((name) => name !== undefined);
}
