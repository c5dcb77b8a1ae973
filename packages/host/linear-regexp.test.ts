import assert from "node:assert/strict";
import { test } from "node:test";
import { LinearRegExp } from "./linear-regexp.ts";

const FREE = { take: (): void => {} };

test("a pattern of a JSON schema matches what it matches in JavaScript", () => {
  const texts = [
    ...[
      "",
      "a",
      "ab",
      "Ab1!xyzz",
      "abc1",
      "a-b",
      "a/b",
      "ä",
      "😀",
      "x😀y",
      "1",
      "٣",
      " ",
      "\u00a0",
      "\n",
      "\u2028",
      "_",
    ],
    ...["a@b.de", "2026-11-24", "[", "]", "^", "-", "\\", "äöü", "aB", "0", "\u0000", "test123", "noAdmin"],
  ];
  for (const pattern of [
    ...[
      "^a",
      "b$",
      "^$",
      ".",
      "^.$",
      "\\d",
      "\\D",
      "^\\w+$",
      "\\W",
      "\\s",
      "^\\S+$",
      "[\\s]",
      "[^\\s]",
      "\\bb",
      "a\\/b",
      "[a\\-z]",
    ],
    ...[
      "^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\\.[a-zA-Z]{2,}$",
      "^\\d{4}-\\d{2}-\\d{2}$",
      "\\u00e4",
      "\\u{1f600}",
      "\\uD83D\\uDE00",
    ],
    ...[
      "^😀$",
      "^[😀]$",
      "[^]",
      "\\p{L}",
      "^\\p{Lu}",
      "\\0",
      "[[]",
      "[\\]]",
      "[\\^]",
      "\\\\",
      "(?<year>\\d{4})",
      "^(?:a|b)+$",
    ],
    ...[
      "^(?=.*[A-Z])(?=.*\\d)(?=.*[!?]).{8,}$",
      "^(?!test)[a-z0-9]+$",
      "^(?!.*Admin).*$",
      "^(?=[)]|a)a",
      "(a|b)c?$",
      "[.]",
    ],
  ]) {
    const [linear, javascript] = [new LinearRegExp(pattern, FREE), new RegExp(pattern, "u")];
    for (const text of texts) {
      assert.equal(linear.test(text), javascript.test(text), `${pattern} on ${JSON.stringify(text)}`);
    }
  }
});

test("what cannot be done in linear time is refused, and what is none", () => {
  for (const [pattern, message] of [
    ["(a)\\1", /found a back-reference/],
    ["(?<x>a)\\k<x>", /found a back-reference/],
    ["a(?=b)", /found look-around that does not stand behind \^ alone/],
    ["(?<=a)b", /found look-around/],
    ["^(?=a)a|b", /found look-around/],
    ["^(?:a(?!b))", /found look-around/],
    ["a{1,2000}", /invalid repeat count/],
    ["(?:a{1000}){11}", /invalid repeat count|at most 10000 instructions/],
    ["(", /Invalid regular expression/],
    ["\\-", /Invalid regular expression/],
    ["a".repeat(4_097), /pattern of 4097 characters: expected at most 4096/],
  ] as const) {
    assert.throws(() => new LinearRegExp(pattern, FREE), { message }, pattern);
  }
  assert.ok(new LinearRegExp("ä".repeat(4_096), FREE).test("ä".repeat(4_096)));
  assert.ok(!new LinearRegExp("^([a-zA-Z0-9]+)*@x$", FREE).test("a".repeat(50_000)));
});

test("a test costs the product of the lengths of the text and the pattern", () => {
  let taken = 0;
  const pattern = new LinearRegExp("^a{100}$", { take: (steps) => (taken += steps) });
  pattern.test("ä".repeat(1_000));
  const once = taken;
  pattern.test("ä".repeat(2_000));
  assert.ok(once > 5_000 && taken - once > 1.9 * once);
});
