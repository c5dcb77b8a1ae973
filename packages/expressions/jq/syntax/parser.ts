import type { Ast, Definition } from "./ast.ts";
import { IDENTITY } from "./ast.ts";
import { Cursor } from "./cursor.ts";
import { tokenize } from "./lexer.ts";
import { readPatterns } from "./pattern.ts";
import { PRECEDENCE, type Precedence } from "./precedence.ts";
import { readPostfix, readSource } from "./term.ts";

/**
 * Reads a program. The grammar is that of jq 1.7.1 without modules, and with jq 1.8's operators in the values of
 * objects. Throws `ExpressionSyntaxError`, and `ExpressionLimitError` for a source that is too long or too nested.
 */
export function parse(source: string): Ast {
  const cursor = new Cursor(source, tokenize(source), readPipe);
  if (cursor.atEnd) return IDENTITY;
  const program = readPipe(cursor);
  if (!cursor.atEnd) cursor.fail("an operator or the end");
  return program;
}

/** Whether a source has no words, only blanks and comments. To jq that is a program, which yields its input. */
export function isBlank(source: string): boolean {
  return tokenize(source).length === 1;
}

function readPipe(cursor: Cursor, commas = true): Ast {
  const stages: Ast[] = [];
  do {
    stages.push(readBinary(cursor, commas ? 1 : 2, commas));
  } while (cursor.skip("|"));
  const [only] = stages;
  return stages.length === 1 && only !== undefined ? only : { kind: "pipe", stages };
}

function readBinary(cursor: Cursor, weakest: number, commas: boolean): Ast {
  return cursor.nested(() => {
    const head = readHead(cursor, commas);
    if (head !== null) return head;
    let left = readOperand(cursor, commas);
    for (let found = precedenceAt(cursor); found !== null && found.strength >= weakest; found = precedenceAt(cursor)) {
      cursor.take();
      const right = readBinary(cursor, found.groups === "right" ? found.strength : found.strength + 1, commas);
      left = { kind: "binary", operator: found.operator, left, right };
      const following = precedenceAt(cursor);
      if (found.groups === "none" && following?.strength === found.strength) cursor.fail("parentheses around it");
    }
    return left;
  });
}

function precedenceAt(cursor: Cursor): Precedence | null {
  const { kind, text } = cursor.token;
  return kind === "operator" || kind === "keyword" ? (PRECEDENCE.get(text) ?? null) : null;
}

/** What reaches to the right as far as it can, wherever it stands: `def … ; body` and `label $name | body`. */
function readHead(cursor: Cursor, commas: boolean): Ast | null {
  if (cursor.is("def")) {
    const definitions: Definition[] = [];
    while (cursor.is("def")) definitions.push(readDefinition(cursor));
    return definitions.reduceRight<Ast>(
      (body, definition) => ({ kind: "define", definition, body }),
      cursor.pipe(cursor, commas),
    );
  }
  if (!cursor.skip("label")) return null;
  const name = cursor.expectKind(["variable"], "a name such as $out").text;
  cursor.expect("|");
  return { kind: "label", name, body: cursor.pipe(cursor, commas) };
}

function readOperand(cursor: Cursor, commas: boolean): Ast {
  const minus = cursor.skip("-");
  const operand = minus
    ? cursor.nested((): Ast => ({ kind: "negate", operand: readNegated(cursor) }))
    : readSource(cursor);
  if (!cursor.skip("as")) return operand;
  const patterns = readPatterns(cursor);
  cursor.expect("|");
  return { kind: "bind", source: operand, patterns, body: cursor.pipe(cursor, commas) };
}

function readNegated(cursor: Cursor): Ast {
  if (!cursor.skip("-")) return readPostfix(cursor);
  return cursor.nested((): Ast => ({ kind: "negate", operand: readNegated(cursor) }));
}

function readDefinition(cursor: Cursor): Definition {
  cursor.expect("def");
  const { text: name } = cursor.expectKind(["name", "keyword"], "the name of a function");
  const parameters: { name: string; isValue: boolean }[] = [];
  if (cursor.skip("(")) {
    do {
      const parameter = cursor.expectKind(["variable", "name", "keyword"], "a parameter");
      parameters.push({ name: parameter.text, isValue: parameter.kind === "variable" });
    } while (cursor.skip(";"));
    cursor.expect(")");
  }
  cursor.expect(":");
  const body = cursor.pipe(cursor);
  cursor.expect(";");
  return { name, parameters, body };
}
