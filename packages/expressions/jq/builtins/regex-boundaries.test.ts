import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../index.ts";

const run = (program: string, text: string) => compile(program).run(text, {});

test("boundaries know words of ASCII only, unlike the classes of characters (decision 23)", () => {
  assert.deepEqual(run('test("\\\\bword\\\\b")', "a word."), [true]);
  assert.deepEqual(run('test("\\\\bä")', "ä"), [false]);
  assert.deepEqual(run('test("a\\\\b")', "aä"), [true]);
  assert.deepEqual(run('test("\\\\w\\\\w")', "äß"), [true]);
});

test("a word of other letters is found between what is no letter, as the document says", () => {
  const program = 'test("(?:^|\\\\W)ärger(?:\\\\W|$)")';
  for (const text of ["ärger", "nur ärger.", "(ärger)"]) assert.deepEqual(run(program, text), [true], text);
  for (const text of ["verärgert", "ärgerlich", "öärger"]) assert.deepEqual(run(program, text), [false], text);
});
