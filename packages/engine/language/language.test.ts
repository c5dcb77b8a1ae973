// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${ … }` is how definitions mark an expression
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Definition } from "@antiphon/definition";
import type { Json } from "@antiphon/protocol";
import * as make from "../testing/build.ts";
import type { Variables } from "./evaluate.ts";
import { languageOf } from "./language.ts";

const PROPERTIES: Readonly<Record<string, string>> = { "a.b": "hidden", a: "short" };
const ILLEGAL = ["java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception"];

const variables: Variables = {
  nowMs: 1_500,
  workflow: () => ({ instanceId: "i-1" }),
  constants: { "some.constant": 1, some: { constant: 2 } },
  secret: (path) => PROPERTIES[path] ?? null,
  named: { item: { id: 7 }, WORKFLOW: "never seen" },
};

const language = (more: Partial<Definition> = {}) => languageOf(make.workflowOf([make.inject("only", {})], more));
const jq = language();
const jsonpath = language({ expressionLang: "jsonpath" });

/** The error of the workflow that evaluating ends with. */
function faultIn(evaluate: () => unknown): unknown {
  try {
    evaluate();
  } catch (error) {
    return (error as { error?: unknown }).error;
  }
  return undefined;
}

test("expressions see the workflow, its constants and the variables of where they stand", () => {
  const filter = (text: string): Json => jq.filter(text, "here")({}, variables);
  assert.equal(filter("$WORKFLOW.instanceId"), "i-1");
  assert.equal(filter("$CONST.some.constant"), 2);
  assert.equal(filter('$CONST."some.constant"'), 1);
  assert.equal(filter("$item.id + 1"), 8);
  assert.equal(filter("now"), 1.5);
  assert.equal(jsonpath.filter("$item.id", "here")({}, variables), 7);
  assert.equal(jsonpath.filter("$WORKFLOW.instanceId", "here")({}, variables), "i-1");
  assert.equal(jsonpath.filter('$CONST["some.constant"]', "here")({}, variables), 1);
});

test("a variable without a value is an error that names it, the expression and its place", () => {
  assert.deepEqual(
    faultIn(() => jq.filter("${ $nobody.id }", 'state "s", results')({}, variables)),
    {
      code: "expression",
      message: 'state "s", results: "$nobody.id": $nobody has no value in this run',
      classes: ILLEGAL,
    },
  );
});

test("a secret is the property of that path, whether it is written in steps or in one; a missing one is nothing", () => {
  const text = (source: string): string => jq.value(source, "here")({}, variables);
  assert.equal(text("$SECRET.a.b"), "hidden");
  assert.equal(text('$SECRET."a.b"'), "hidden");
  assert.equal(text('$SECRET["a.b"]'), "hidden");
  assert.equal(text("$SECRET.a"), "short");
  assert.equal(text("$SECRET.none"), "");
  assert.equal(jq.filter("$SECRET.none", "here")({}, variables), null);
  assert.equal(jsonpath.value("$SECRET.a.b", "here")({}, variables), "hidden");
  assert.equal(jsonpath.value("$SECRET['a.b']", "here")({}, variables), "hidden");
});

test("several outputs are an array, a list, or texts with spaces between", () => {
  const data = { n: [1, 2], none: null };
  assert.deepEqual(jq.filter(".n[]", "here")(data, variables), [1, 2]);
  assert.equal(jq.filter("empty", "here")(data, variables), null);
  assert.equal(jq.value('.n[], .none, "a"', "here")(data, variables), "1 2  a");
  assert.deepEqual(jq.list(".n, .n[]", "here")(data, variables), [1, 2, 1, 2]);
  assert.deepEqual(jq.list(".none", "here")(data, variables), []);
  assert.deepEqual(jsonpath.list("$.n[*]", "here")(data, variables), [1, 2]);
});

test("a value that fails stays as it is written, a filter that fails is an error", () => {
  const data = { n: 1 };
  assert.deepEqual(jq.template({ a: ".n.b", b: ["${ .n }"], c: "plain text" })(data, variables), {
    a: ".n.b",
    b: [1],
    c: "plain text",
  });
  assert.equal(jq.text(".n.b")(data, variables), ".n.b");
  assert.equal(jsonpath.text("$.missing")(data, variables), "$.missing");
  assert.deepEqual(
    faultIn(() => jq.filter(".n.b", "here")(data, variables)),
    { code: "expression", message: 'here: ".n.b": Cannot index number with string "b"', classes: ILLEGAL },
  );
});

test("a text that is a JSON object is that object, and its texts may be expressions", () => {
  assert.deepEqual(jq.template(' {"a": ".n", "b": "x y"} ')({ n: 1 }, variables), { a: 1, b: "x y" });
  assert.deepEqual(jq.template("{a: .n}")({ n: 1 }, variables), { a: 1 });
  assert.deepEqual(jq.template({ text: '{"a": ".n"}' })({ n: 1 }, variables), { text: { a: ".n" } });
});

test("JSONPath takes a bare name for a path where nothing else can stand, and for a text elsewhere", () => {
  const data = { name: "Ada", age: 20 };
  assert.equal(jsonpath.filter("name", "here")(data, variables), "Ada");
  assert.equal(jsonpath.template("name")(data, variables), "name");
  assert.equal(jsonpath.template("${ name }")(data, variables), "Ada");
  assert.equal(jsonpath.condition("$.[?(@.age >= 18)]", "here")(data, variables), true);
  assert.equal(jsonpath.condition("$.[?(@.age < 18)]", "here")(data, variables), false);
  assert.deepEqual(jsonpath.target("$.a.b", "here")({ c: 1 })({ a: { b: { d: 2 } } }, variables), {
    a: { b: { d: 2, c: 1 } },
  });
  assert.deepEqual(jsonpath.target("$.new", "here")(1)({}, variables), { new: 1 });
});

test("an expression that would go on for ever is an error of the workflow, wherever it stands", () => {
  const message = (evaluate: () => unknown): unknown => (faultIn(evaluate) as { message: string }).message;
  const endless = "[range(1e9)]";
  assert.equal(
    message(() => jq.filter(endless, "here")({}, variables)),
    'here: "[range(1e9)]": the expression exceeds its limit: steps 5000000',
  );
  assert.equal(
    message(() => jq.template({ a: [endless] }, "arguments")({}, variables)),
    'arguments.a[0]: "[range(1e9)]": the expression exceeds its limit: steps 5000000',
  );
  let nowMs = 0;
  const clock = (): number => (nowMs += 600);
  assert.equal(
    message(() => jq.text(endless, "message")({}, { ...variables, clock })),
    'message: "[range(1e9)]": the expression exceeds its limit: timeMs 1000',
  );
  assert.match(
    String(message(() => jq.filter(`${endless} #${"x".repeat(500)}`, "here")({}, variables))),
    /x{180,190}…": the/,
  );
});
