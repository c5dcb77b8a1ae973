import assert from "node:assert/strict";
import { test } from "node:test";
import { HOPS_MAX } from "@antiphon/protocol";
import { EVENT_COST, FAMILIES_MAX, FAMILY_COST_MAX, FAMILY_MS, Families } from "./families.ts";

/** How many instances come to be if each starts so many as soon as it is there, until all further ones are refused. */
function population(each: number): number {
  const families = new Families();
  let [generation, total] = [1, 1];
  for (let hops = 1; generation > 0 && hops <= HOPS_MAX; hops++) {
    let started = 0;
    for (let i = 0; i < generation * each; i++) if (families.refuses("r", hops, 0) === undefined) started += 1;
    total += started;
    generation = started;
  }
  return total;
}

test("what multiplies comes to an end: each that starts two after some thousands, each that starts a hundred after more", () => {
  assert.deepEqual([population(2) < 10_000, population(100) < 150_000], [true, true]);
});

test("events that are said far from the beginning come to an end as well, and are cheaper than starts", () => {
  const families = new Families();
  const said = (count: number) => Array.from({ length: count }, () => families.refusesEvent("r", 0));
  assert.deepEqual(new Set(said(FAMILY_COST_MAX / EVENT_COST)), new Set([undefined]));
  assert.match(said(1)[0] ?? "", /^expected instance "r" to lead to fewer events within 60 minutes/);
});

test("what an instance starts itself, ten thousand and each of them ten more, is not refused, nor is a chain", () => {
  const families = new Families();
  const refused = (family: string, hops: number, count: number) =>
    Array.from({ length: count }, () => families.refuses(family, hops, 0)).some((one) => one !== undefined);
  assert.deepEqual([refused("wide", 1, 10_000), refused("wide", 2, 100_000)], [false, false]);
  assert.equal(population(1), HOPS_MAX + 1);
});

test("the limit is met exactly, one more is refused, and an hour later it begins anew, also by a clock that was set back", () => {
  const families = new Families();
  const last = FAMILY_COST_MAX - 100 ** 2;
  for (let i = 0; i < last; i++) families.refuses("r", 1, 0);
  assert.equal(families.refuses("r", 100, 0), undefined);
  assert.match(
    families.refuses("r", 1, FAMILY_MS - 1) ?? "",
    /^expected instance "r" to lead to fewer instances within 60 m/,
  );
  assert.equal(families.refuses("other", 1, 0), undefined);
  assert.equal(families.refuses("r", 1, FAMILY_MS), undefined);
  assert.equal(families.refuses("r", 1, -FAMILY_MS), undefined);
});

test("so many families are remembered, and one more makes it forget the one that has led to nothing for longest", () => {
  const families = new Families();
  for (let i = 0; i < FAMILY_COST_MAX; i++) families.refuses("first", 1, 0);
  for (let i = 1; i < FAMILIES_MAX; i++) families.refuses(`f${i}`, 1, 0);
  assert.notEqual(families.refuses("first", 1, 0), undefined);
  for (let i = 0; i < FAMILIES_MAX; i++) families.refuses(`g${i}`, 1, 0);
  assert.equal(families.refuses("first", 1, 0), undefined);
});
