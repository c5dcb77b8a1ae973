import { ExpressionError } from "../errors.ts";
import { RegexCache } from "../jq/regex-cache.ts";
import { type Condition, OPERATORS, type Operand, type Operator } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { readLiteral } from "./read-literal.ts";

const REGEX = /\/((?:\\[\s\S]|[^/\\])+)\/([a-zA-Z]*)/y;

/** Reads the inside of a filter, `[?( … )]`: `&&` binds closer than `||`, and `!` closest. */
export function readCondition(cursor: Cursor): Condition {
  let left = readConjunction(cursor);
  for (cursor.blanks(); cursor.skip("||"); cursor.blanks()) {
    left = { kind: "or", left, right: readConjunction(cursor) };
  }
  return left;
}

function readConjunction(cursor: Cursor): Condition {
  let left = readTerm(cursor);
  for (cursor.blanks(); cursor.skip("&&"); cursor.blanks()) {
    left = { kind: "and", left, right: readTerm(cursor) };
  }
  return left;
}

function readTerm(cursor: Cursor): Condition {
  cursor.blanks();
  if (cursor.skip("!")) return { kind: "not", condition: cursor.nested(() => readTerm(cursor)) };
  if (cursor.skip("(")) {
    const condition = cursor.nested(() => readCondition(cursor));
    cursor.blanks();
    cursor.expect(")");
    return condition;
  }
  return readComparison(cursor);
}

function readComparison(cursor: Cursor): Condition {
  const left = readOperand(cursor);
  cursor.blanks();
  const operator = readOperator(cursor);
  if (operator !== undefined) return { kind: "compare", operator, left, right: readOperand(cursor) };
  return left.kind === "path" ? { kind: "exists", path: left.path } : cursor.fail("an operator");
}

function readOperator(cursor: Cursor): Operator | undefined {
  const operator = OPERATORS.find((one) => cursor.is(one));
  if (operator === undefined) return undefined;
  cursor.at += operator.length;
  if (/[a-z]/.test(operator) && /\w/.test(cursor.here)) return cursor.fail("an operator", cursor.at - operator.length);
  return operator;
}

function readOperand(cursor: Cursor): Operand {
  cursor.blanks();
  switch (cursor.here) {
    case "$":
    case "@":
      return { kind: "path", path: cursor.enclosedPath() };
    case "/":
      return readRegex(cursor);
    default:
      return { kind: "value", value: readLiteral(cursor) };
  }
}

/** The engine's own letters for what Java's flags mean: there `s` lets a dot stand for the end of a line too. */
const FLAGS: Readonly<Record<string, string>> = { i: "i", s: "p", x: "x" };

function readRegex(cursor: Cursor): Operand {
  const begin = cursor.at;
  const [, source, letters] = /^\/([\s\S]*)\/(.*)$/.exec(cursor.take(REGEX) ?? "") ?? [];
  if (source === undefined || letters === undefined) return cursor.fail("a regular expression that ends with /");
  const flags = [...letters].map((letter) => FLAGS[letter] ?? cursor.fail("one of the flags i, s, x", begin)).join("");
  const regex = { kind: "regex", source: `^(?:${source.replaceAll("\\/", "/")})$`, flags } as const;
  try {
    new RegexCache().get(regex.source, flags, null);
  } catch (error) {
    if (error instanceof ExpressionError) return cursor.fail(`a regular expression: ${error.message}`, begin);
    throw error;
  }
  return regex;
}
