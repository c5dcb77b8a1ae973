import assert from "node:assert/strict";
import { test } from "node:test";
import { exactNumber, formatJson, JSON_DEPTH_MAX, type Json, parseJson } from "@antiphon/protocol";
import { jsonOf } from "./node.ts";
import { FILE_LENGTH_MAX, FILE_NODES_MAX, parseFile } from "./parse.ts";
import { formatProblems, Problems } from "./problems.ts";

function parse(text: string, file = "a.yaml"): { readonly value?: Json; readonly problems: string } {
  const problems = new Problems();
  const node = parseFile(file, text, problems);
  return { ...(node && { value: jsonOf(node) }), problems: formatProblems(problems.list()) };
}

test("numbers that a double would change keep their digits, in JSON and in YAML", () => {
  const numbers = ["68.0", "12345678901234567890", "0.1234567890123456789012345678901234567890", "1e400", "-0", "1E5"];
  const exact = numbers.map(exactNumber);
  assert.deepEqual(parse(`[${numbers.join(", ")}]`, "a.json"), { value: exact, problems: "" });
  assert.deepEqual(parse(numbers.map((number) => `- ${number}\n`).join("")), { value: exact, problems: "" });
  assert.deepEqual(parse("[0, 1, -12, 0.5, 1.25, 9007199254740991]").value, [0, 1, -12, 0.5, 1.25, 9007199254740991]);
});

test("numbers as only YAML writes them become numbers of JSON", () => {
  assert.deepEqual(parse("[0x1F, 0o17, +12, 012, .5, 5., 0xFFFFFFFFFFFFFFFF, -.50]").value, [
    31,
    15,
    12,
    12,
    0.5,
    5,
    exactNumber("18446744073709551615"),
    exactNumber("-0.50"),
  ]);
  assert.deepEqual(parse("a: .inf"), {
    value: { a: null },
    problems: "a.yaml:1:4 /a: expected a value that JSON has, found .inf",
  });
});

test("what looks like a number or a flag and is quoted, or is none in YAML 1.2, stays a text", () => {
  assert.deepEqual(parse("['68.0', \"1\", yes, on, 2026-01-01, 1_000, ~, null, true, !!str 5]").value, [
    "68.0",
    "1",
    "yes",
    "on",
    "2026-01-01",
    "1_000",
    null,
    null,
    true,
    "5",
  ]);
});

test("names of members are texts, whatever they look like", () => {
  assert.deepEqual(
    parse("200: a\n1.0: b\ntrue: c\n__proto__: d").value,
    parseJson('{"200":"a","1.0":"b","true":"c","__proto__":"d"}'),
  );
  assert.equal(
    parse("? [a]\n: b").problems,
    "a.yaml:1:3: expected a name, found something else as the name of a member",
  );
});

test("JSON of any kind is read as JSON.parse reads it", () => {
  const texts = [
    '{"a":{"b":[{}, [], "", "\\u00e9\\/\\ud83d\\ude00\\n\\t\\"", -1.5e-7, true, false, null]}}',
    '\t{\n\t"a" :1 ,\r\n\t\t"b":\n[1,\n2]}',
    '{"# no comment": "- : {}[] & * ! | > %", "": "a: b", "?": "@`"}',
    '"text"',
    " 12 ",
    `{"${"long".repeat(400)}": "${"text ".repeat(1000)}"}`,
    `${"[".repeat(500)}${"]".repeat(500)}`,
  ];
  for (const text of texts) assert.deepEqual(parse(text, "a.json"), { value: parseJson(text), problems: "" });
});

test("an alias stands for what its anchor has", () => {
  assert.deepEqual(parse("a: &x { n: 1 }\nb: *x\nc: [*x]"), {
    value: { a: { n: 1 }, b: { n: 1 }, c: [{ n: 1 }] },
    problems: "",
  });
});

test("aliases that multiply, circles and depth end in one problem", () => {
  const bomb = [
    "a0: &a0 [x]",
    ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`),
  ];
  assert.match(parse(bomb.join("\n")).problems, /^a\.yaml:\d+:\d+ \S+: expected at most 1000000 values, found more$/);
  assert.match(parse("&a [*a]").problems, /expected at most 512 levels of nesting, found more$/);
  const nested = (depth: number) => parse(`${"[".repeat(depth)}${"]".repeat(depth)}`).problems;
  assert.equal(nested(JSON_DEPTH_MAX + 1), "");
  for (const depth of [JSON_DEPTH_MAX + 2, 5000]) {
    assert.match(nested(depth), /^a\.yaml:1:\d+: expected at most 512 levels of nesting, found more$/);
  }
  assert.match(
    parse("{a: ".repeat(20000)).problems,
    /^a\.yaml:1:1: expected at most 512 levels of nesting, found more$/,
  );
  assert.match(parse("- ".repeat(20000)).problems, /^a\.yaml:\d+:\d+: expected /);
});

test("a file has as many values as it may, aliases written out, and as many characters, and no more", () => {
  // The document, `b`, and each alias count as well as what they have or stand for.
  const row = `a: &a [${"ä, ".repeat(996)}ä]`;
  const aliases = `b: [${"*a, ".repeat(1000)}]`;
  const nodes = 1 + 998 + 1 + 1000 * 999;
  assert.equal(nodes, FILE_NODES_MAX);
  assert.equal(parse(`${row}\n${aliases}`).problems, "");
  assert.match(parse(`${row}\n${aliases}\nc:`).problems, /expected at most 1000000 values, found more$/);
  const text = (length: number) => JSON.stringify("ä".repeat(length - 2));
  assert.equal(parse(text(FILE_LENGTH_MAX), "a.json").problems, "");
  assert.equal(
    parse(text(FILE_LENGTH_MAX + 1), "a.json").problems,
    `a.json:1:1: expected at most ${FILE_LENGTH_MAX} characters, found ${FILE_LENGTH_MAX + 1}`,
  );
});

test("a syntax error has its place, and the words fit the file", () => {
  const inJson = (text: string) => parse(text, "a.json").problems;
  assert.equal(inJson('{"a": 1\n "b": 2}'), "a.json:2:2: expected ',' or '}' after property value, found \"\\\"\"");
  assert.equal(inJson('{"a": [1 2]}'), "a.json:1:10: expected ',' or ']' after array element, found \"2\"");
  assert.equal(inJson('{"a": {'), "a.json:1:8: expected property name or '}', found the end");
  assert.equal(inJson('{"a": "x'), "a.json:1:9: expected JSON, found the end (Unterminated string)");
  assert.equal(inJson('{\n "a": tru }'), 'a.json:2:10: expected JSON, found " "');
  assert.equal(inJson('{"a":\n[1,]}'), 'a.json:2:4: expected JSON, found "]"');
  assert.equal(inJson(`[${"1,".repeat(5000)}\n!]`), 'a.json:2:1: expected JSON, found "!"');
  assert.deepEqual(parse('\uFEFF{"a":1}', "a.json"), { value: { a: 1 }, problems: "" });
  assert.equal(inJson(""), "a.json:1:1: expected JSON, found the end");
  assert.equal(inJson("{} {}"), 'a.json:1:4: expected JSON, found "{"');
  assert.equal(parse("a: 1\n---\nb: 2").problems.startsWith("a.yaml:2:1: expected YAML, found something else ("), true);
  assert.equal(
    parse('{"a": 1,\n "a": 2}', "a.json").problems,
    'a.json:2:2 /a: expected each member once, found "a" again',
  );
});

test("formatting again what was read gives the digits that were written", () => {
  const text = '{"id":12345678901234567890,"amount":68.0,"small":0.000000000000000000000000000001}';
  assert.equal(formatJson(parse(text).value ?? null), text);
});
