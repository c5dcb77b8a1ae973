import type { Json } from "@antiphon/protocol";
import { checkExpression, unwrap } from "../check-expression.ts";
import type { Members } from "../document/members.ts";
import type { Node } from "../document/node.ts";
import { describe, numberOf, quote, textOf } from "../document/node.ts";
import { reportLate } from "../document/reading.ts";
import { durationMs, hasYearsOrMonths } from "../duration.ts";
import type { Scope } from "./scope.ts";
import { noteUnknownMembers } from "./workflow-variable.ts";

/** Reads a member that must be an expression, if it is there. `fn:name` is replaced by what that function says. */
export function readExpression(members: Members, name: string, scope: Scope): string | undefined {
  const node = members.get(name);
  return node && expressionOf(node, scope);
}

/** Reads a member that says where data is put (`toStateData`), if it is there. */
export function readTarget(members: Members, name: string, scope: Scope): string | undefined {
  const node = members.get(name);
  return node && expressionOf(node, scope, (text) => (/^[A-Za-z_]\w*$/.test(text) ? `.${text}` : undefined));
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
  if (text !== undefined && hasYearsOrMonths(text)) {
    members.report(node, "a duration without years and months, which are not of one length", quote(text));
  } else if (text === undefined || looksLikeDuration(text) || !mayYieldMore(node, members)) {
    members.report(node, 'an ISO 8601 duration such as "PT1H30M", or an expression', describe(node));
  }
  return text;
}

/** Reads a member that is a whole number, also as a text, or an expression that yields one. */
export function readCount(members: Members, name: string, least: number): number | string | undefined {
  const node = members.get(name);
  const count = numberOf(node);
  if (node === undefined || (count !== undefined && Number.isSafeInteger(count) && count >= least)) return count;
  if (mayYieldMore(node, members)) return textOf(node);
  members.report(node, `a whole number of at least ${least}, or an expression`, describe(node));
  return undefined;
}

/**
 * Reads a value of which each text may be an expression, if it is there. What is none is a text; but one in `${ … }` was
 * meant to be one, so it is refused if it does not compile, unless we are to read as SonataFlow does.
 */
export function readValue(members: Members, name: string, scope: Scope): Json | undefined {
  const node = members.get(name);
  return node && valueFrom(node, scope);
}

function valueFrom(node: Node, scope: Scope): Json {
  switch (node.kind) {
    case "array":
      return node.items.map((item) => valueFrom(item, scope));
    case "object":
      return Object.fromEntries([...node.members].map(([name, member]) => [name, valueFrom(member, scope)]));
    case "scalar":
      return typeof node.value === "string" ? textOrExpression(node, node.value, scope) : node.value;
  }
}

/** Whether a node is a text that yields something else than what it says: it compiles, and is no number. */
function mayYieldMore(node: Node, { reading }: Members): boolean {
  if (node.kind !== "scalar" || typeof node.value !== "string" || numberOf(node) !== undefined) return false;
  return checkExpression(node.value, reading.language) === undefined;
}

function looksLikeDuration(text: string): boolean {
  return text === "" || /^[-+]?P[\dT.,-]/i.test(text);
}

/** A text that may be an expression, as `readValue` takes it. */
export function textOrExpression(node: Node, text: string, scope: Scope): string {
  const called = scope.expressionFunctions.get(functionNameIn(text) ?? "");
  if (called !== undefined) return called;
  const isExpression = checkExpression(text, scope.reading.language) === undefined;
  if (isExpression) noteUnknownMembers(node, text, scope.reading);
  else if (unwrap(text).wrapped) reportIfNone(node, text, scope);
  else reportIfUnclosed(node, text, scope);
  return text;
}

/** An expression whose end is missing would be taken for a text; and so is one in the middle of a text, which may be meant. */
function reportIfUnclosed(node: Node, text: string, { reading }: Scope): void {
  const opening = /^\s*(\$\{|\{\{)/.exec(text)?.[1];
  const closing = opening === "${" ? "}" : "}}";
  if (opening !== undefined && !text.includes(closing)) {
    reportLate(reading, node, `a text, or an expression up to its ${quote(closing)}`, quote(text));
  } else if (/\$\{\s*[.$][^{}]*\}/.test(text)) {
    reading.notes.report(
      node,
      'an expression around all of the text, "${ \\"a \\" + .b }"',
      `${quote(text)}, which is sent as it is`,
    );
  }
}

function expressionOf(
  node: Node,
  scope: Scope,
  suggest: (text: string) => string | undefined = () => undefined,
): string | undefined {
  const { problems } = scope.reading;
  const text = textOf(node);
  if (text === undefined || text === "") {
    problems.report(node, "an expression", describe(node));
    return undefined;
  }
  const name = functionNameIn(text);
  if (name === undefined) {
    reportIfNone(node, text, scope, suggest(text));
    return text;
  }
  const functions = scope.expressionFunctions;
  const called = functions.get(name);
  if (called === undefined && scope.functions !== undefined) {
    problems.report(node, "the name of an expression function", quote(name), { name, among: functions.keys() });
  }
  return called;
}

/** `suggestion`: what was perhaps meant. */
function reportIfNone(node: Node, text: string, scope: Scope, suggestion?: string): void {
  const reason = checkExpression(text, scope.reading.language, true);
  if (reason === undefined) noteUnknownMembers(node, text, scope.reading);
  else {
    const expected = suggestion === undefined ? "an expression" : `an expression, as ${quote(suggestion)} is`;
    reportLate(scope.reading, node, expected, `${quote(text)}: ${reason}`);
  }
}

/** `total` in `fn:total`, bare or wrapped. */
function functionNameIn(text: string): string | undefined {
  const { source } = unwrap(text);
  return source.startsWith("fn:") ? source.slice(3).trim() : undefined;
}

/** What the functions of type `expression` stand for, by their names. */
export function expressionsIn(functions: Scope["functions"]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, one] of functions ?? []) if (one.kind === "expression") found.set(name, one.expression);
  return found;
}
