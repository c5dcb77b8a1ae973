import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@antiphon/protocol";
import { BEGINNING_LENGTH_MIN, SECRET_LENGTH_MIN, SecretMask } from "./secret-mask.ts";

function hidden(document: unknown, ...secrets: readonly string[]): unknown {
  const mask = new SecretMask();
  mask.set(secrets);
  const shown = mask.shown(document as Json);
  assert.equal(mask.hideIn(JSON.stringify(document)), shown);
  return JSON.parse(shown);
}

test("a secret is hidden in every text and name of a document, and nowhere else", () => {
  const document = { a: "Bearer hunter22", "hunter22!": [{ b: "hunter22hunter22" }], c: "hunter", n: 1 };
  assert.deepEqual(hidden(document, "hunter22"), { a: "Bearer …", "…!": [{ b: "……" }], c: "hunter", n: 1 });
});

test("a secret that was made a number is hidden, and one that is part of a number is not", () => {
  assert.deepEqual(hidden({ n: 12345678, t: "12345678", m: 123456789 }, "12345678"), { n: "…", t: "…", m: 123456789 });
  const mask = new SecretMask();
  mask.set(["12345678901234567890"]);
  assert.equal(mask.hideIn('{"n":12345678901234567890}'), '{"n":"…"}');
});

test("a secret is hidden as JSON, pages, URLs, shell words and CSV write it, in a text of another", () => {
  const secret = "a b+c'\"<ä>/~";
  for (const written of [
    secret,
    JSON.stringify({ a: secret }).slice(6, -2),
    `a b+c'\\"<\\u00e4>/~`,
    "a b+c&apos;&quot;&lt;ä&gt;/~",
    "a b+c&#39;&quot;&lt;ä&gt;/~",
    "a%20b%2Bc'%22%3C%C3%A4%3E%2F~",
    "a%20b%2Bc%27%22%3C%C3%A4%3E%2F~",
    "a+b%2Bc%27%22%3C%C3%A4%3E%2F%7E",
    new URL(`http://host/${encodeURI(secret)}`).href.slice("http://host/".length),
    'a b+c\'""<ä>/~',
    "a b+c'\\''\"<ä>/~",
  ]) {
    assert.deepEqual(hidden({ a: `<${written}>` }, secret), { a: "<…>" }, written);
    const mask = new SecretMask();
    mask.set([secret]);
    assert.equal(mask.hideIn(`no JSON: ${written}`), "no JSON: …", written);
  }
  assert.deepEqual(hidden(["\tsix six\n", "<six six>"], "\tsix six\n"), ["…", "<…>"]);
});

test("a secret is hidden in base64 of any text around it, in both alphabets", () => {
  for (const secret of ["hunter22", "~~~???>>>", "密码密码密码"]) {
    for (const encoding of ["base64", "base64url"] as const) {
      assert.deepEqual(hidden([Buffer.from(secret).toString(encoding)], secret), ["…"]);
      for (const before of ["u:", "us:", "usr:", "user:"]) {
        const shown = hidden([Buffer.from(`${before}${secret}@host`).toString(encoding)], secret) as string[];
        const left = shown[0]?.split("…").map((part) => Buffer.from(part, encoding).toString("latin1")) ?? [];
        assert.equal(left.length, 2, `${before}${secret}: ${shown}`);
        assert.ok(
          left.every((part) => part.length <= 6),
          `${before}${secret}: ${shown}`,
        );
      }
    }
  }
});

test("the beginning of a secret is hidden where a message has cut it off, and nowhere else", () => {
  const secret = 'hunt"22-of-the-cäve';
  for (const mark of ["...", "…"]) {
    for (const cut of ['hunt"22-of-', 'hunt"2', "hunt"]) {
      assert.deepEqual(hidden({ a: `string ("${cut}${mark}) and "${cut}"` }, secret), {
        a: `string ("…${mark}) and "${cut}"`,
      });
    }
    const escaped = `string ({"a":"hunt\\"22-${mark}`;
    assert.deepEqual(hidden([escaped], secret), [`string ({"a":"…${mark}`]);
    const begun = "密".repeat(BEGINNING_LENGTH_MIN - 1);
    assert.deepEqual(hidden([`${begun}${mark}`], "密".repeat(9)), [`${begun}${mark}`]);
    assert.deepEqual(hidden([`${begun}密${mark}`, `密${begun}密${mark}`], "密".repeat(9)), [`…${mark}`, `…${mark}`]);
    assert.deepEqual(hidden([`hunt${mark}`, secret + mark], secret), [`…${mark}`, `…${mark}`]);
  }
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
