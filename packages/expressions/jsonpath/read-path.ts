import { FUNCTIONS, type FunctionName, type Operand, type Path, type Root, type Step } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { readCondition } from "./read-condition.ts";
import { readLiteral, readQuoted } from "./read-literal.ts";

/**
 * What a name may not have in it. Behind a name the next path may begin without a blank: `$.first$.last`, and
 * `$SECRET.user$CONST.host` with what SonataFlow knows by name.
 */
const NAME = /(?!\$[.[])[^\s.[(](?:(?!\$(?:WORKFLOW|CONST|SECRET)?[.[])[^\s.[(])*/y;
/** In a filter and between the parentheses of a function a name ends at what may follow it there as well. */
const ENCLOSED_NAME = /[^\s.[(),<>=~!&|\]]+/y;
const VARIABLE = /[A-Za-z_]\w*/y;
const INTEGER = /-?\d{1,9}/y;

/** Reads a path; `enclosed` if it stands in a filter, or is what a function is given. */
export function readPath(cursor: Cursor, enclosed = false): Path {
  const begin = cursor.at;
  const root = readRoot(cursor);
  const steps: Step[] = [];
  while (cursor.here === "." || cursor.here === "[") {
    if (cursor.skip("[")) steps.push(readBracket(cursor));
    else steps.push(...readDotted(cursor, enclosed));
  }
  return { root, steps: withFunctionOutermost(steps, root), source: cursor.source.slice(begin, cursor.at) };
}

function readRoot(cursor: Cursor): Root {
  if (cursor.skip("@")) return { kind: "item" };
  cursor.expect("$");
  const name = cursor.take(VARIABLE);
  return name === undefined ? { kind: "document" } : { kind: "variable", name };
}

function readDotted(cursor: Cursor, enclosed: boolean): readonly Step[] {
  const steps: Step[] = cursor.skip("..") ? [{ kind: "deep" }] : [];
  if (steps.length === 0) cursor.expect(".");
  if (cursor.skip("[")) steps.push(readBracket(cursor));
  else if (cursor.skip("*")) steps.push({ kind: "all" });
  else steps.push(readName(cursor, enclosed));
  return steps;
}

function readName(cursor: Cursor, enclosed: boolean): Step {
  const begin = cursor.at;
  const name = cursor.take(enclosed ? ENCLOSED_NAME : NAME);
  if (name === undefined) return cursor.fail("a name, '*' or '['");
  if (!cursor.skip("(")) return { kind: "name", name };
  if (!isFunction(name)) return cursor.fail(`one of the functions ${FUNCTIONS.join(", ")}`, begin);
  return { kind: "call", name, parameters: cursor.nested(() => readParameters(cursor)) };
}

function readParameters(cursor: Cursor): readonly Operand[] {
  const parameters: Operand[] = [];
  cursor.blanks();
  if (cursor.skip(")")) return parameters;
  do {
    cursor.blanks();
    if (cursor.here === "$" || cursor.here === "@") parameters.push({ kind: "path", path: cursor.enclosedPath() });
    else parameters.push({ kind: "value", value: readLiteral(cursor) });
    cursor.blanks();
  } while (cursor.skip(","));
  cursor.expect(")");
  return parameters;
}

function readBracket(cursor: Cursor): Step {
  cursor.blanks();
  const step = readBracketed(cursor);
  cursor.blanks();
  cursor.expect("]");
  return step;
}

function readBracketed(cursor: Cursor): Step {
  const { here } = cursor;
  if (cursor.skip("*")) return { kind: "all" };
  if (cursor.skip("?")) {
    cursor.blanks();
    cursor.expect("(");
    const condition = cursor.nested(() => readCondition(cursor));
    cursor.blanks();
    cursor.expect(")");
    return { kind: "filter", condition };
  }
  if (here === "'" || here === '"') {
    const [first = "", ...more] = readList(cursor, () => readQuoted(cursor));
    return more.length === 0 ? { kind: "name", name: first } : { kind: "names", names: [first, ...more] };
  }
  return readPositions(cursor);
}

function readPositions(cursor: Cursor): Step {
  const from = cursor.take(INTEGER);
  cursor.blanks();
  if (cursor.skip(":")) {
    cursor.blanks();
    const to = cursor.take(INTEGER);
    return { kind: "slice", from: numberOf(from), to: numberOf(to) };
  }
  if (from === undefined) return cursor.fail("a quoted name, a position, '*' or '?'");
  const indexes = [Number(from)];
  while (cursor.skip(",")) {
    cursor.blanks();
    indexes.push(Number(cursor.take(INTEGER) ?? cursor.fail("a position")));
    cursor.blanks();
  }
  return { kind: "indexes", indexes };
}

function readList<T>(cursor: Cursor, read: () => T): readonly T[] {
  const list = [read()];
  cursor.blanks();
  while (cursor.skip(",")) {
    cursor.blanks();
    list.push(read());
    cursor.blanks();
  }
  return list;
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function isFunction(name: string): name is FunctionName {
  return FUNCTIONS.some((known) => known === name);
}

/** `$..price.max()` is one number, the largest of all prices: the function is asked about what the scan finds. */
function withFunctionOutermost(steps: readonly Step[], root: Root): readonly Step[] {
  const at = steps.findIndex(({ kind }) => kind === "call");
  const call = steps[at];
  if (steps[0]?.kind !== "deep" || call?.kind !== "call") return steps;
  const path: Path = { root, steps: steps.slice(0, at), source: "" };
  return [{ ...call, parameters: [{ kind: "path", path }] }, ...steps.slice(at + 1)];
}
