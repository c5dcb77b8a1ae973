import assert from "node:assert/strict";
import { test } from "node:test";
import { type Json, parseJson } from "@antiphon/protocol";
import { merge } from "./merge.ts";

function check(name: string, target: Json | undefined, source: Json, merged: Json): void {
  test(`merge: ${name}`, () => assert.deepEqual(merge(source, target), merged));
}

check("nothing there takes the new", undefined, { a: 1 }, { a: 1 });
check("null takes the new", null, [1], [1]);
check("null takes null", null, null, null);
check("an empty object takes a text", {}, "x", "x");
check("an empty object takes an array", {}, [1], [1]);
check("an empty object is left by null", {}, null, {});
check("an array is replaced by an array", [1, 2], [3], [3]);
check("an array is replaced by an empty array", [1], [], []);
check("an array gets an element appended", [1, 2], 3, [1, 2, 3]);
check("an array gets an object appended", [{ a: 1 }], { a: 2 }, [{ a: 1 }, { a: 2 }]);
check("an array that has an equal element is left", [{ a: 1, b: 2 }, 3], { b: 2, a: 1 }, [{ a: 1, b: 2 }, 3]);
check("an array gets null appended", [1], null, [1, null]);
check("an object gets new members", { a: 1 }, { b: 2 }, { a: 1, b: 2 });
check("an object's members are replaced", { a: 1 }, { a: 2 }, { a: 2 });
check(
  "objects are merged all the way down",
  { a: { b: 1, c: { d: 1 } } },
  { a: { c: { e: 2 } } },
  { a: { b: 1, c: { d: 1, e: 2 } } },
);
check("a member that is null is replaced", { a: null }, { a: { b: 1 } }, { a: { b: 1 } });
check("a member that is an object is left by null", { a: { b: 1 } }, { a: null }, { a: { b: 1 } });
check("a member that is a scalar is replaced by null", { a: 1 }, { a: null }, { a: null });
check("a new member may be null", { a: 1 }, { b: null }, { a: 1, b: null });
check("an object is left by null", { a: 1 }, null, { a: 1 });
check("an object keeps a text as response", { a: 1 }, "x", { a: 1, response: "x" });
check("an object keeps an array as response", { a: 1 }, [1], { a: 1, response: [1] });
check("an earlier response is replaced", { response: { a: 1 } }, 2, { response: 2 });
check("a scalar goes before an array's elements", { a: 1 }, { a: [2] }, { a: [1, 2] });
check("a scalar that the array has is not repeated", 2, [1, 2], [1, 2]);
check("a scalar becomes an object's _target", { a: 1 }, { a: { b: 2 } }, { a: { b: 2, _target: 1 } });
check("a scalar is replaced by a scalar", "x", false, false);
check("a scalar is replaced by null", 1, null, null);
check(
  "exact numbers are scalars",
  parseJson("68.0"),
  parseJson("12345678901234567890"),
  parseJson("12345678901234567890"),
);
check("an exact number goes before an array's elements", parseJson("68.0"), [1], [parseJson("68.0"), 1]);

test("merge: a member named __proto__ is a member like any other", () => {
  const merged = merge(parseJson('{"__proto__":{"polluted":true}}'), { a: 1 });
  assert.equal(JSON.stringify(merged), '{"a":1,"__proto__":{"polluted":true}}');
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

test("merge leaves what it is given as it was", () => {
  const target = { a: { b: [1] } };
  const source = { a: { b: 2, c: 3 } };
  assert.deepEqual(merge(source, target), { a: { b: [1, 2], c: 3 } });
  assert.deepEqual([source, target], [{ a: { b: 2, c: 3 } }, { a: { b: [1] } }]);
});
