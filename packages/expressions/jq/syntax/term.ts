import type { Json } from "@antiphon/protocol";
import { numberFromDigits } from "../values/decimal.ts";
import { type Ast, type Fold, IDENTITY, literal } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { readObject, readVariable } from "./object.ts";
import { readPatterns } from "./pattern.ts";
import { readText } from "./text.ts";
import type { Token } from "./token.ts";

const CONSTANTS: ReadonlyMap<string, Json> = new Map([
  ["null", null],
  ["true", true],
  ["false", false],
]);

/** A term and all that is attached to it: `.name`, `."name"`, `[…]`, `?`. */
export function readPostfix(cursor: Cursor): Ast {
  return readForgiving(cursor).term;
}

/** What stands before `as`: to jq, what a `?` forgives is no term any more, unless it is an access. */
export function readSource(cursor: Cursor): Ast {
  const { term, forgiven } = readForgiving(cursor);
  if (forgiven && cursor.is("as")) cursor.fail("parentheses around what stands before it");
  return term;
}

function readForgiving(cursor: Cursor): { readonly term: Ast; readonly forgiven: boolean } {
  let term = readTerm(cursor);
  let forgiven = false;
  for (;;) {
    const { token } = cursor;
    if (cursor.skipQuestion()) {
      term = lenient(term);
      forgiven ||= term.kind === "try";
    } else if (forgiven) {
      return { term, forgiven };
    } else if (token.kind === "field") {
      cursor.take();
      term = { kind: "index", target: term, key: literal(token.text), lenient: false };
    } else if (cursor.is("[")) {
      term = readBracket(cursor, term);
    } else if (cursor.is(".") && cursor.next.kind === "text") {
      cursor.take();
      term = { kind: "index", target: term, key: readText(cursor, cursor.take(), null), lenient: false };
    } else if (cursor.is(".") && cursor.next.text === "[") {
      cursor.take();
      term = readBracket(cursor, term);
    } else {
      return { term, forgiven };
    }
  }
}

/** Behind an access, `?` forgives that access alone; behind anything else, all that happens in it. */
function lenient(term: Ast): Ast {
  const isAccess = term.kind === "index" || term.kind === "slice" || term.kind === "iterate";
  return isAccess && !term.lenient ? { ...term, lenient: true } : { kind: "try", body: term, handler: null };
}

function readBracket(cursor: Cursor, target: Ast): Ast {
  cursor.expect("[");
  if (cursor.skip("]")) return { kind: "iterate", target, lenient: false };
  const from = cursor.is(":") ? null : cursor.pipe(cursor);
  if (!cursor.skip(":")) {
    cursor.expect("]");
    return { kind: "index", target, key: from ?? IDENTITY, lenient: false };
  }
  const to = from !== null && cursor.is("]") ? null : cursor.pipe(cursor);
  cursor.expect("]");
  return { kind: "slice", target, from, to, lenient: false };
}

function readTerm(cursor: Cursor): Ast {
  const { token } = cursor;
  switch (token.kind) {
    case "number":
      cursor.take();
      return literal(numberFromDigits(token.text));
    case "text":
      return readText(cursor, cursor.take(), null);
    case "format": {
      cursor.take();
      const format = { name: token.text, position: token.position };
      return cursor.token.kind === "text" ? readText(cursor, cursor.take(), format) : { kind: "format", format };
    }
    case "field":
      cursor.take();
      return { kind: "index", target: IDENTITY, key: literal(token.text), lenient: false };
    case "variable":
      return readVariable(cursor, cursor.take());
    case "name":
      return readCall(cursor, cursor.take());
    case "keyword":
      return readKeyword(cursor, token);
    case "operator":
      return readSign(cursor, token);
    case "end":
      return cursor.fail("an expression");
  }
}

function readSign(cursor: Cursor, token: Token): Ast {
  switch (token.text) {
    case ".": {
      cursor.take();
      if (cursor.token.kind !== "text") return IDENTITY;
      return { kind: "index", target: IDENTITY, key: readText(cursor, cursor.take(), null), lenient: false };
    }
    case "..":
      cursor.take();
      return { kind: "call", name: "recurse", args: [], position: token.position };
    case "(": {
      cursor.take();
      const inner = cursor.pipe(cursor);
      cursor.expect(")");
      // Set apart, so that a `?` behind the parenthesis means all of it.
      return { kind: "pipe", stages: [inner] };
    }
    case "[": {
      cursor.take();
      if (cursor.skip("]")) return { kind: "array", items: null };
      const items = cursor.pipe(cursor);
      cursor.expect("]");
      return { kind: "array", items };
    }
    case "{":
      cursor.take();
      return readObject(cursor);
    default:
      return cursor.fail("an expression");
  }
}

function readKeyword(cursor: Cursor, token: Token): Ast {
  switch (token.text) {
    case "if":
      cursor.take();
      return readIf(cursor);
    case "try": {
      cursor.take();
      const body = readGuarded(cursor);
      return { kind: "try", body, handler: cursor.skip("catch") ? readGuarded(cursor) : null };
    }
    case "reduce":
    case "foreach":
      cursor.take();
      return readFold(cursor, token.text);
    case "def":
    case "label":
      return cursor.pipe(cursor);
    case "import":
    case "include":
    case "module":
      return cursor.fail("no modules: a program here stands alone");
    default:
      return cursor.fail("an expression");
  }
}

function readIf(cursor: Cursor): Ast {
  const branches: { condition: Ast; whenTrue: Ast }[] = [];
  do {
    const condition = cursor.pipe(cursor);
    cursor.expect("then");
    branches.push({ condition, whenTrue: cursor.pipe(cursor) });
  } while (cursor.skip("elif"));
  const otherwise = cursor.skip("else") ? cursor.pipe(cursor) : IDENTITY;
  cursor.expect("end");
  return branches.reduceRight<Ast>((whenFalse, branch) => ({ kind: "if", ...branch, whenFalse }), otherwise);
}

function readGuarded(cursor: Cursor): Ast {
  return cursor.skip("-") ? { kind: "negate", operand: readPostfix(cursor) } : readPostfix(cursor);
}

function readFold(cursor: Cursor, kind: Fold["kind"]): Fold {
  const source = readSource(cursor);
  cursor.expect("as");
  const patterns = readPatterns(cursor);
  cursor.expect("(");
  const initial = cursor.pipe(cursor);
  cursor.expect(";");
  const update = cursor.pipe(cursor);
  const extract = kind === "foreach" && cursor.skip(";") ? cursor.pipe(cursor) : null;
  cursor.expect(")");
  return { kind, source, patterns, initial, update, extract };
}

function readCall(cursor: Cursor, token: Token): Ast {
  if (token.text === "break" && cursor.token.kind === "variable") {
    const label = cursor.take();
    return { kind: "break", name: label.text, position: label.position };
  }
  const value = CONSTANTS.get(token.text);
  if (value !== undefined && !cursor.is("(")) return literal(value);
  const args: Ast[] = [];
  if (cursor.skip("(")) {
    do {
      args.push(cursor.pipe(cursor));
    } while (cursor.skip(";"));
    cursor.expect(")");
  }
  return { kind: "call", name: token.text, args, position: token.position };
}
