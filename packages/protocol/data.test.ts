import assert from "node:assert/strict";
import { test } from "node:test";
import { DATA_DEPTH_MAX, readData, UnfitDataError } from "./data.ts";
import { JsonSyntaxError } from "./json.ts";

function problemOf(text: string): string | undefined {
  try {
    readData(text);
    return undefined;
  } catch (error) {
    if (error instanceof UnfitDataError) return error.message;
    throw error;
  }
}

test("data is taken that is nested as deep as the limit, and no deeper", () => {
  const nested = (levels: number) => `${'{"ä":['.repeat(levels / 2)}${"]}".repeat(levels / 2)}`;
  assert.equal(problemOf(nested(DATA_DEPTH_MAX)), undefined);
  const deeper = `the data: expected at most ${DATA_DEPTH_MAX} levels of nesting, found more`;
  assert.equal(problemOf(`[${nested(DATA_DEPTH_MAX)}]`), deeper);
});

test("text that is not well-formed is refused with its place, in values and in names", () => {
  assert.equal(problemOf('["\\ud83d\\ude00","ä😀"]'), undefined);
  const found = (unit: string) => `expected well-formed text, found the lone surrogate "\\${unit}"`;
  assert.equal(problemOf('"\\ud800"'), `the data: ${found("ud800")}`);
  assert.equal(problemOf('{"a/b":[1,{"c~":"x\\udfff"}]}'), `/a~1b/1/c~0: ${found("udfff")}`);
  assert.equal(problemOf('{"a":{"\\udc00":1}}'), `/a/\ufffd: ${found("udc00")}`);
});

test("what is no JSON is told as such", () => {
  assert.throws(
    () => readData("{"),
    (error) => error instanceof JsonSyntaxError && !(error instanceof UnfitDataError),
  );
});

test("an object of many members is read in a time that grows with their number", () => {
  const members = Array.from({ length: 60_000 }, (_, i) => `"k${i}":${i}.0`);
  assert.equal(Object.keys(readData(`{${members.join()}}`) as object).length, 60_000);
});
