// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${ … }` is how definitions mark an expression
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@antiphon/protocol";
import { readExpression } from "./index.ts";
import { outputsToJson, outputsToList, outputsToText } from "./outputs.ts";
import { targetPath } from "./target-path.ts";

/** What a text evaluates to, as a text; or the text itself, marked, if it is a literal. */
function evaluated(text: string, input: Json = {}, functions: Record<string, string> = {}): string {
  const expression = readExpression(text, { functions });
  if (expression.kind === "literal") return `literal ${expression.text}`;
  return expression.program.text(input, { WORKFLOW: { id: "w-1" } }, { now: () => 1_500 });
}

test("a text that compiles is evaluated, wrapped or not", () => {
  assert.equal(evaluated(".x", { x: 1 }), "1");
  assert.equal(evaluated("  ${ .x }  ", { x: 1 }), "1");
  assert.equal(evaluated("{{ .x }}", { x: 1 }), "1");
  assert.equal(evaluated("${ {a: .x} }", { x: 1 }), '{"a":1}');
  assert.equal(evaluated("$WORKFLOW.id"), "w-1");
  assert.equal(evaluated("true"), "true");
  assert.equal(evaluated("now"), "1.5");
  assert.equal(evaluated("keys"), "");
  assert.equal(evaluated("keys", { x: 1 }), '["x"]');
  assert.equal(readExpression("length .variable").kind, "program");
});

test("a text that does not compile, or calls what does not exist, is a literal", () => {
  for (const text of [
    "minero",
    "Viva er Beti",
    "kserve_payload = to_kserve(image)",
    "a ${ .x } b",
    "${ .x } and ${ .y }",
    "${ .x",
    "fn:unknown",
    "input",
    "# a comment only",
    "",
    "  ",
    "${}",
    '"My name',
  ]) {
    assert.equal(evaluated(text), `literal ${text}`);
  }
});

test("a literal tells why it is no program, and whether it was meant as one", () => {
  const { kind, ...found } = readExpression("${ .a b }");
  assert.deepEqual([kind, "wrapped" in found && found.wrapped], ["literal", true]);
  assert.match(
    String("problem" in found && found.problem),
    /ExpressionSyntaxError: found 'b', expected an operator or the end \(line 1, column 4\)/,
  );
  assert.deepEqual(readExpression("  "), { kind: "literal", text: "  ", problem: null, wrapped: false });
});

test("a text that begins as an expression and does not end as one is said not to be closed, and where", () => {
  for (const [text, closing, opening, line, column] of [
    ["${ .x > ", "}", "${", 1, 8],
    [" ${ {ä: .x", "}", "${", 1, 11],
    ["${ .x } and ${ .y } or so", "}", "${", 1, 26],
    ["{{ .x }", "}}", "{{", 1, 8],
    ["${\n .x\n", "}", "${", 2, 4],
  ] as const) {
    const found = readExpression(text, { required: true });
    assert.equal(
      found.kind === "literal" && found.problem?.message,
      `found the end, expected '${closing}', as '${opening}' at the beginning is not closed there (line ${line}, column ${column})`,
    );
  }
  assert.equal(evaluated("${ .x to \\(.x)", { x: 1 }), "${ .x to 1");
});

test("a text that is one in quotes only counts if it has an interpolation", () => {
  assert.equal(evaluated("My name is \\(.name)", { name: "Ada" }), "My name is Ada");
  assert.equal(evaluated("${ Hello \\(.name)! }", { name: "Ada" }), "Hello Ada!");
  assert.equal(evaluated("My name is Ada"), "literal My name is Ada");
  assert.equal(evaluated("the \\(nothing)"), "literal the \\(nothing)");
});

test("fn:name stands for the operation of that expression function", () => {
  const functions = { increment: "${ .x + 1 }", hasOwnProperty: ".y" };
  assert.equal(evaluated("fn:increment", { x: 1 }, functions), "2");
  assert.equal(evaluated("${ fn:increment }", { x: 1 }, functions), "2");
  assert.equal(evaluated("fn:again", { x: 1 }, { ...functions, again: "fn:increment" }), "2");
  assert.equal(evaluated("fn:a", {}, { a: "fn:b", b: "${ fn:a }" }), "literal fn:a");
  assert.equal(evaluated("fn:toString", { x: 1 }, functions), "literal fn:toString");
});

test("variables may have any name, unless they are listed", () => {
  assert.equal(readExpression("$anything.x").kind, "program");
  assert.equal(readExpression("$anything.x", { variables: ["WORKFLOW"] }).kind, "literal");
  const expression = readExpression("$anything.x");
  assert.ok(expression.kind === "program");
  assert.throws(() => expression.program.json({}), { message: "$anything has no value in this run" });
});

test("outputs become one value, a text or a list", () => {
  assert.deepEqual([[], [1], [1, 2], [[1, 2]]].map(outputsToJson), [null, 1, [1, 2], [1, 2]]);
  assert.deepEqual([[], [null], [[]], [{}], ["a", 1, null, { b: 2 }, [3]], [null, "a"]].map(outputsToText), [
    "",
    "",
    "",
    "",
    'a 1  {"b":2} [3]',
    "a",
  ]);
  assert.deepEqual([[], [1, [2, [3]]]].map(outputsToList), [[], [1, 2, [3]]]);
});

test("a value is assigned where the names at the end of an expression lead", () => {
  assert.deepEqual(targetPath(".a.b"), ["a", "b"]);
  assert.deepEqual(targetPath(' ."a b".c '), ["a b", "c"]);
  assert.deepEqual(targetPath(".arr | .[] | .nested"), ["nested"]);
  assert.deepEqual(targetPath(".a[0].b"), ["b"]);
  assert.deepEqual(targetPath(".a.list[]"), ["list"]);
  assert.deepEqual(targetPath("."), []);
  const expression = readExpression("${ .a.b }");
  assert.deepEqual(expression.kind === "program" && expression.target, { names: ["a", "b"], isPlain: true });
});
