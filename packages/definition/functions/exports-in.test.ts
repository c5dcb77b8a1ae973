import assert from "node:assert/strict";
import { test } from "node:test";
import { exportsIn } from "./exports-in.ts";

test("what a module exports is told from its text", () => {
  const text = `
export default async function quote() {}
export const a = 1;
export async function b<T>(x: T) {}
export function* c() {}
export class D {}
export let e;
export var f = (x: number, y: number) => x;
const g = 1;
export { g, g as h, type I };
export type J = string;
export interface K {}
import { x } from "./y.ts";
export { z as default } from "./z.ts";`;
  assert.deepEqual([...(exportsIn(text) ?? [])].sort(), ["D", "a", "b", "c", "default", "e", "f", "g", "h"]);
});

test("what a module exports cannot be told if that is all of another's, if it is of CommonJS, or several at once", () => {
  assert.equal(exportsIn('export * from "./other.ts";'), undefined);
  assert.equal(exportsIn("module.exports = { quote() {} };"), undefined);
  assert.equal(exportsIn("exports.quote = () => 1;"), undefined);
  assert.equal(exportsIn("export const { quote } = prices;"), undefined);
  assert.equal(exportsIn("export const a = 1, quote = () => 1;"), undefined);
});
