import assert from "node:assert/strict";
import { test } from "node:test";
import { SECRET_LENGTH_MIN, SecretMask } from "./secret-mask.ts";

function hidden(document: unknown, ...secrets: readonly string[]): unknown {
  const mask = new SecretMask();
  mask.set(secrets);
  return JSON.parse(mask.hideIn(JSON.stringify(document)));
}

test("a secret is hidden in every text and name of a document, and nowhere else", () => {
  const document = { a: "Bearer hunter22", "hunter22!": [{ b: "hunter22hunter22" }], c: "hunter", n: 1 };
  assert.deepEqual(hidden(document, "hunter22"), { a: "Bearer …", "…!": [{ b: "……" }], c: "hunter", n: 1 });
  assert.deepEqual(hidden({ n: 12345678, t: "12345678" }, "12345678"), { n: 12345678, t: "…" });
});

test("secrets with quotes, line breaks and letters of all alphabets are hidden, the longer one first", () => {
  for (const secret of ['pa"ss\\word', "two\nlines", "päßwörd", "密码密码密码", "\u{1f511}\u{1f511}\u{1f511}"]) {
    assert.deepEqual(hidden({ a: `x${secret}y` }, secret), { a: "x…y" }, secret);
  }
  assert.deepEqual(hidden(["secret-longer"], "secret", "secret-longer"), ["…"]);
});

test("what is too short to be told from other text is not hidden", () => {
  const long = "ä".repeat(SECRET_LENGTH_MIN);
  assert.deepEqual(hidden([long], long), ["…"]);
  assert.deepEqual(hidden([long.slice(1)], long.slice(1)), [long.slice(1)]);
});

test("a text that is no JSON has its secrets hidden as well, and exact numbers keep their digits", () => {
  const mask = new SecretMask();
  mask.set(["hunter22"]);
  assert.equal(mask.hideIn("a hunter22 b"), "a … b");
  assert.equal(mask.hideIn('{"n":1.50,"a":"hunter22"}'), '{"n":1.50,"a":"…"}');
});
