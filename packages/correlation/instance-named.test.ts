import assert from "node:assert/strict";
import { test } from "node:test";
import { instanceNamed } from "./instance-named.ts";
import type { Awaited, Starting } from "./subscribe.ts";
import { event } from "./testing/node/deployed.ts";

const awaited: readonly Awaited[] = [{ workflow: "shop", attributes: [], cardinality: "one", bufferMs: 1 }];
const starting: readonly Starting[] = [{ workflow: "bill", definition: "hash", event: "paid" }];
const ours = { antiphoninstance: "i1", kogitoprocinstanceid: "i1" };

for (const [what, attributes, consumers, expected] of [
  ["that names none", {}, { awaited, starting }, undefined],
  ["of a service that answers", { antiphoninstance: "i1" }, { awaited, starting: [] }, "i1"],
  ["of a service that sends back all but the workflow", ours, { awaited, starting: [] }, "i1"],
  ["that nobody consumes", { antiphoninstance: "i1" }, { awaited: [], starting: [] }, "i1"],
  ["that only starts instances", { kogitoprocrefid: "i1" }, { awaited: [], starting }, undefined],
  ["that starts instances and is awaited", { kogitoprocrefid: "i1" }, { awaited, starting }, "i1"],
  ["of a workflow that awaits its type", { ...ours, kogitoprocid: "shop" }, { awaited, starting: [] }, "i1"],
  [
    "of a workflow that does not await its type",
    { ...ours, kogitoprocid: "bill" },
    { awaited, starting: [] },
    undefined,
  ],
  [
    "of a workflow that does not await its type and says whom it is for",
    { ...ours, kogitoprocid: "bill", kogitoprocrefid: "i1" },
    { awaited, starting: [] },
    "i1",
  ],
  [
    "of a workflow that does not await its type, for another instance than its own",
    { ...ours, kogitoprocid: "bill", kogitoprocinstanceid: "i2" },
    { awaited, starting: [] },
    "i1",
  ],
] as const) {
  test(`an event ${what} is for ${expected === undefined ? "no instance by its own word" : "the instance that it names"}`, () => {
    assert.equal(instanceNamed(event("paid", attributes), consumers), expected);
  });
}
