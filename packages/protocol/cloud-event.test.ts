import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ATTRIBUTE_LENGTH_MAX,
  ATTRIBUTES_MAX,
  attributeOf,
  CloudEventError,
  readCloudEvent,
  refOf,
} from "./cloud-event.ts";
import { instanceOf } from "./instance-attribute.ts";
import { type Json, parseJson } from "./json.ts";

const event = { specversion: "1.0", id: "1", source: "/shop", type: "paid" } as const;

test("an event is what its document says, with the attributes that are not null", () => {
  const document = { ...event, orderid: 7, express: true, subject: null, data: null };
  assert.deepEqual(readCloudEvent(document), { ...event, orderid: 7, express: true, data: null });
  assert.deepEqual(refOf(readCloudEvent(document)), { source: "/shop", id: "1", type: "paid" });
});

test("an empty source is let through, as SonataFlow's examples send one", () => {
  assert.equal(readCloudEvent({ ...event, source: "" }).source, "");
});

describe("what is no event is refused, with the attribute that is at fault", () => {
  const many = Object.fromEntries(Array.from({ length: ATTRIBUTES_MAX }, (_, i) => [`a${i}`, "1"]));
  const cases: readonly (readonly [string, Json, string])[] = [
    ["no object", [], ""],
    ["another version", { ...event, specversion: "0.3" }, "specversion"],
    ["no id", { ...event, id: null }, "id"],
    ["an empty id", { ...event, id: "" }, "id"],
    ["an id that is a number", { ...event, id: 1 }, "id"],
    ["no source", { specversion: "1.0", id: "1", type: "paid" }, "source"],
    ["an empty type", { ...event, type: "" }, "type"],
    ["a name with capitals", { ...event, orderId: "1" }, "orderId"],
    ["a name that is inherited", parseJson(JSON.stringify(event).replace("}", ',"__proto__":"x"}')), "__proto__"],
    ["an attribute that is an object", { ...event, order: {} }, "order"],
    ["an attribute that is an array", { ...event, order: [1] }, "order"],
    ["a fraction", { ...event, order: 1.5 }, "order"],
    ["a number beyond what is exact", parseJson(JSON.stringify(event).replace("}", ',"n":9007199254740993}')), "n"],
    ["an attribute that is too long", { ...event, order: "x".repeat(ATTRIBUTE_LENGTH_MAX + 1) }, "order"],
    ["too many attributes", { ...event, ...many }, ""],
  ];
  for (const [what, document, member] of cases) {
    test(what, () => {
      assert.throws(
        () => readCloudEvent(document),
        (error) => error instanceof CloudEventError && error.member === member,
      );
    });
  }
});

test("an attribute as text is as it would stand in a header; an empty one is none", () => {
  const read = readCloudEvent({ ...event, n: 7, b: false, e: "" });
  assert.deepEqual(
    ["n", "b", "e", "missing", "type"].map((name) => attributeOf(read, name)),
    ["7", "false", undefined, undefined, "paid"],
  );
});

test("SonataFlow's attribute names the instance before ours does", () => {
  assert.equal(instanceOf(readCloudEvent({ ...event, antiphoninstance: "b", kogitoprocrefid: "a" })), "a");
  assert.equal(instanceOf(readCloudEvent({ ...event, antiphoninstance: "b", kogitoprocrefid: "" })), "b");
  assert.equal(instanceOf(event), undefined);
});
