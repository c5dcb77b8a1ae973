import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenApiStyle } from "@antiphon/definition";
import type { Json } from "@antiphon/protocol";
import { headerText, pathText, queryPairs } from "./parameter-styles.ts";

// As the tables of OpenAPI have it: an empty text, one, a list, an object.
const VALUES: readonly Json[] = ["", "blue", ["blue", "black"], { R: 100, G: 200 }];

function inPath(style: OpenApiStyle, explode: boolean): readonly string[] {
  return VALUES.map((value) => pathText({ name: "color", style, explode }, value));
}

function inQuery(style: OpenApiStyle, explode: boolean): readonly string[] {
  return VALUES.map((value) => queryPairs({ name: "color", style, explode }, value).join("&"));
}

test("a path has its values in the styles simple, label and matrix", () => {
  assert.deepEqual(inPath("simple", false), ["", "blue", "blue,black", "R,100,G,200"]);
  assert.deepEqual(inPath("simple", true), ["", "blue", "blue,black", "R=100,G=200"]);
  assert.deepEqual(inPath("label", false), [".", ".blue", ".blue,black", ".R,100,G,200"]);
  assert.deepEqual(inPath("label", true), [".", ".blue", ".blue.black", ".R=100.G=200"]);
  assert.deepEqual(inPath("matrix", false), [";color", ";color=blue", ";color=blue,black", ";color=R,100,G,200"]);
  assert.deepEqual(inPath("matrix", true), [";color", ";color=blue", ";color=blue;color=black", ";R=100;G=200"]);
});

test("a query has its values in the styles form, spaceDelimited, pipeDelimited and deepObject", () => {
  assert.deepEqual(inQuery("form", true), ["color=", "color=blue", "color=blue&color=black", "R=100&G=200"]);
  assert.deepEqual(inQuery("form", false), ["color=", "color=blue", "color=blue,black", "color=R,100,G,200"]);
  assert.deepEqual(inQuery("spaceDelimited", false).slice(2), ["color=blue%20black", "color=R%20100%20G%20200"]);
  assert.deepEqual(inQuery("pipeDelimited", false).slice(2), ["color=blue%7Cblack", "color=R%7C100%7CG%7C200"]);
  assert.deepEqual(inQuery("pipeDelimited", true)[2], "color=blue&color=black");
  assert.deepEqual(inQuery("deepObject", true)[3], "color%5BR%5D=100&color%5BG%5D=200");
});

test("the members of a deep object are named by their paths", () => {
  const value = { range: { from: 1, to: 2 }, tags: ["a", "b"] };
  assert.deepEqual(queryPairs({ name: "f", style: "deepObject", explode: true }, value), [
    "f%5Brange%5D%5Bfrom%5D=1",
    "f%5Brange%5D%5Bto%5D=2",
    "f%5Btags%5D=a",
    "f%5Btags%5D=b",
  ]);
});

test("an empty list or object says nothing", () => {
  for (const value of [[], {}]) {
    assert.equal(pathText({ name: "p", style: "label", explode: true }, value), "");
    assert.deepEqual(queryPairs({ name: "p", style: "form", explode: true }, value), []);
    assert.deepEqual(queryPairs({ name: "p", style: "form", explode: false }, value), []);
  }
});

test("what has a meaning in a URL is encoded, unless reserved characters are allowed", () => {
  const text = "a/b?c=d&e#f g+h%,é";
  const plain = { name: "q", style: "form", explode: true } as const;
  assert.deepEqual(queryPairs(plain, text), ["q=a%2Fb%3Fc%3Dd%26e%23f%20g%2Bh%25%2C%C3%A9"]);
  assert.deepEqual(queryPairs({ ...plain, allowReserved: true }, text), ["q=a/b?c=d%26e%23f%20g%2Bh%25,%C3%A9"]);
  assert.equal(pathText({ name: "p", style: "simple", explode: false }, "half \ud800"), "half%20%EF%BF%BD");
});

test("a parameter with a content is a document of its own", () => {
  const parameter = { name: "f", style: "form", explode: true, mediaType: "application/json" } as const;
  assert.deepEqual(queryPairs(parameter, { a: [1] }), ["f=%7B%22a%22%3A%5B1%5D%7D"]);
  assert.equal(headerText(parameter, "x"), '"x"');
  assert.equal(headerText({ ...parameter, mediaType: "text/plain" }, "x"), "x");
  assert.equal(pathText(parameter, [1]), "%5B1%5D");
});

test("a header has its values between commas", () => {
  const header = { name: "x", style: "simple", explode: false } as const;
  assert.equal(headerText(header, ["a", 2, "c d"]), "a,2,c d");
  assert.equal(headerText(header, { a: 1 }), "a,1");
  assert.equal(headerText({ ...header, explode: true }, { a: 1, b: 2 }), "a=1,b=2");
});
