import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestName } from "./nearest-name.ts";

test("a slip of a letter or two finds the name that was meant", () => {
  const names = ["transition", "timeouts", "wait", "POST"];
  const slips = ["transitions", "Transition", "timeuots", "waitt", "PSOT", "tranzishon"];
  assert.deepEqual(
    slips.map((slip) => nearestName(slip, names)),
    ["transition", "transition", "timeouts", "wait", "POST", "transition"],
  );
});

test("of several near names the nearest is told", () => {
  assert.equal(nearestName("orderPlcaed", ["orderPaid", "orderPlaced", "orderPlace"]), "orderPlaced");
});

test("a name that is far from all others finds none", () => {
  assert.equal(nearestName("owner", ["transition", "wait", "end"]), undefined);
  assert.equal(nearestName("", ["wait"]), undefined);
});
