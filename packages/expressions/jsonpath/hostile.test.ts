import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@antiphon/protocol";
import { ExpressionError, ExpressionLimitError, type Limits, readExpression } from "../index.ts";

/** The limit that a path meets, when it is read or followed. */
function limitOfPath(path: string, input: Json = null, limits: Partial<Limits> = {}): string {
  const expression = readExpression(path, { language: "jsonpath" });
  if (expression.kind === "literal") {
    return expression.problem instanceof ExpressionLimitError ? expression.problem.limit : "none, but no path";
  }
  try {
    expression.program.json(input, {}, { limits });
  } catch (error) {
    if (error instanceof ExpressionLimitError) return error.limit;
    throw error;
  }
  return "none";
}

/** A binary tree of so many levels. */
function tree(levels: number): Json {
  return levels === 0 ? 1 : { a: tree(levels - 1), b: tree(levels - 1) };
}

test("a path that multiplies what it finds meets the limit of steps, however short it is", () => {
  const wide = Array.from({ length: 200 }, (_, i) => i);
  const limits = { steps: 300_000 };
  assert.equal(limitOfPath("$..a..a..a..b..*", tree(12), limits), "steps");
  assert.equal(limitOfPath(`$${"..*".repeat(40)}`, tree(10), limits), "steps");
  assert.equal(limitOfPath("$[?($[?($[?(@ in $)])])]", wide, limits), "steps");
  assert.equal(limitOfPath("$..[?(@..[?(@..[?(@..a)])])]", tree(10), limits), "steps");
  assert.equal(limitOfPath(`$[${"0,".repeat(2000)}0]${".*".repeat(3)}`, [[wide.map(() => wide)]], limits), "steps");
});

test("a path meets the other limits as a program does", () => {
  const deep = Array.from({ length: 3000 }).reduce<Json>((inner) => [inner], 1);
  assert.equal(limitOfPath("$..a", deep), "depth");
  assert.equal(limitOfPath("$ $", deep), "depth");
  assert.equal(limitOfPath("$[*] $[*] $[*]", ["x".repeat(1000)], { textLength: 2000 }), "textLength");
  assert.equal(limitOfPath("$..*", tree(10), { outputSize: 5_000 }), "outputSize");
  assert.equal(limitOfPath(`$[?(${"(".repeat(5_000)}@.a${")".repeat(5_000)})]`), "source nesting");
  assert.equal(limitOfPath(`$[?(${"!".repeat(5_000)}@.a)]`), "source nesting");
  assert.equal(limitOfPath(`$[?(@ == ${"[".repeat(5_000)}${"]".repeat(5_000)})]`), "source nesting");
  assert.equal(limitOfPath(`$${".a".repeat(40_000)}`), "source length");
  assert.match(limitOfPath(`$${".*".repeat(30_000)}`), /none|depth/);
  assert.match(limitOfPath(`$[?(@.a${" && @.a".repeat(9_000)})]`, [{}]), /none|depth/);
});

test("a pattern in a path takes linear time too", () => {
  assert.equal(limitOfPath("$[?(@ =~ /(a+)+$/)]", [`${"a".repeat(5_000)}!`]), "none");
  assert.equal(limitOfPath("$[?(@ =~ /(?=a)b/)]"), "none, but no path");
});

test("a path changes nothing that JavaScript gives to all objects, and sees none of it", () => {
  const input = JSON.parse('{"__proto__": {"a": 1}}') as Json;
  const json = (path: string): Json => {
    const expression = readExpression(path, { language: "jsonpath" });
    assert.ok(expression.kind === "program");
    return expression.program.json(input);
  };
  assert.equal(json("$.__proto__.a"), 1);
  assert.deepEqual(json("$..constructor"), []);
  assert.throws(() => json("$.toString"), ExpressionError);
  assert.equal(JSON.stringify(json("$['__proto__', 'x']")), '{"__proto__":{"a":1}}');
});
