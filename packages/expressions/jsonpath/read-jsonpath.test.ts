// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${ … }` is how definitions mark an expression
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@antiphon/protocol";
import { ExpressionError, ExpressionLimitError, readExpression, type Target } from "../index.ts";
import { Chance } from "../testing/random-program.ts";

function targetOf(text: string): Target {
  const expression = readExpression(text, { language: "jsonpath", required: true });
  if (expression.kind === "program") return expression.target;
  throw expression.problem ?? new Error("blank");
}

test("a value is assigned where the names at the end of a path lead", () => {
  assert.deepEqual(targetOf("$.a.b"), { names: ["a", "b"], isPlain: true });
  assert.deepEqual(targetOf("$['a b'].c"), { names: ["a b", "c"], isPlain: true });
  assert.deepEqual(targetOf("$"), { names: [], isPlain: true });
  assert.deepEqual(targetOf("$.list[*].nested"), { names: ["nested"], isPlain: false });
  assert.deepEqual(targetOf("$.list[*]"), { names: ["list"], isPlain: false });
  assert.deepEqual(targetOf("$.a $.b"), { names: [], isPlain: false });
});

test("a text is a path if it begins as one, is wrapped, or can be nothing else", () => {
  const kindOf = (source: string, required = false): string =>
    readExpression(source, { language: "jsonpath", functions: { adult: "age" }, required }).kind;
  for (const source of ["$.a", "${ $.a }", "{{ $.a }}", ".a", "${ a.b }", "$item", "$", "fn:adult"]) {
    assert.equal(kindOf(source), "program", source);
  }
  for (const source of [
    "hello",
    "true",
    "a.b",
    "Hello $.name",
    "5",
    "@me",
    "$5",
    "$.a b",
    "$-",
    "$.",
    "$..",
    "",
    "${}",
  ]) {
    assert.equal(kindOf(source), "literal", source);
  }
  assert.equal(kindOf("a.b", true), "program");
});

test("a syntax error says what was found, what was expected, and where", () => {
  const problems = [
    ["$.a[", "found the end, expected a quoted name, a position, '*' or '?' (line 1, column 5)"],
    ["$.a['b", "found ''', expected a text that ends with ' (line 1, column 5)"],
    ["$.a[?(@.b)", "found the end, expected ']' (line 1, column 11)"],
    ["$.a[?(@.b = 1)]", "found '=', expected ')' (line 1, column 11)"],
    ["$.a[?(1)]", "found ')', expected an operator (line 1, column 8)"],
    ["$.a[?(@.b =~ /(/)]", /a regular expression: .*\(line 1, column 14\)/],
    ["$.a[?(@.b =~ /b/g)]", "found '/', expected one of the flags i, s, x (line 1, column 14)"],
    ["$.a.total()", /found 't', expected one of the functions min, max, .* \(line 1, column 5\)/],
    ["$.a..", "found the end, expected a name, '*' or '[' (line 1, column 6)"],
  ] as const;
  for (const [path, message] of problems)
    assert.throws(() => targetOf(path), { name: "ExpressionSyntaxError", message });
});

const PIECES = [
  ...([
    "$",
    "@",
    ".",
    "..",
    "[",
    "]",
    "(",
    ")",
    "?",
    "*",
    "'",
    '"',
    "<",
    ">",
    "=",
    "!",
    "&&",
    "||",
    "=~",
    "/",
    ",",
  ] as const),
  ...([
    ":",
    "-",
    "0",
    "1",
    " ",
    "a",
    "b",
    "in",
    "size",
    "true",
    "null",
    "{",
    "}",
    "length",
    "\\",
    "[?(",
    ")]",
    "()",
  ] as const),
] as const;

test("any text is a path or is refused, and a path finds something or fails, with errors of ours alone", () => {
  const chance = new Chance(7);
  const input: Json = { a: [{ b: 1 }, { b: "x", a: null }], b: { a: true } };
  let programs = 0;
  for (let i = 0; i < 20_000; i++) {
    const text = `$${Array.from({ length: 1 + chance.below(9) }, () => chance.pick(PIECES)).join("")}`;
    const expression = readExpression(text, { language: "jsonpath", required: true });
    if (expression.kind === "literal") continue;
    programs++;
    try {
      assert.equal(typeof expression.program.text(input), "string", text);
      expression.program.truth(input);
    } catch (error) {
      assert.ok(error instanceof ExpressionError || error instanceof ExpressionLimitError, `${text}: ${String(error)}`);
    }
  }
  assert.ok(programs > 200, `only ${programs} texts were paths`);
});
