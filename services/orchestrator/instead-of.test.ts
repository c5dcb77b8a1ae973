import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ActiveInstance, absent, evolve, type Instance } from "@antiphon/engine";
import { type CloudEvent, type Command, DATA_DEPTH_MAX, type InstanceEvent, type Json } from "@antiphon/protocol";
import { insteadOf } from "./instead-of.ts";

const UNDECIDABLE = { code: "undecidable", message: "no" } as const;
const TOO_LARGE = { code: "too-large", message: "long" } as const;

const history: readonly InstanceEvent[] = [
  {
    type: "InstanceStarted",
    instance: "i",
    workflow: "w",
    version: "1",
    definition: "h",
    data: {},
    headers: {},
    correlation: {},
  },
  { type: "StateEntered", state: "Wait", visit: 1 },
  { type: "EventAwaited", wait: "1.event", events: [{ name: "paid", eventType: "paid", key: "k" }] },
  { type: "ActionRequested", action: "1.a", function: "f", definition: "h", arguments: {} },
];
const waiting = history.reduce((state: Instance, fact) => evolve(state, fact, 0), absent) as ActiveInstance;

const event = { specversion: "1.0", id: "e", source: "/s", type: "paid", data: 1 } as const satisfies CloudEvent;
const byKey = { by: "key", wait: "1.event", key: "k" } as const;

function deliver(one: CloudEvent, found: Extract<Command, { type: "DeliverEvent" }>["found"] = byKey): Command {
  return { type: "DeliverEvent", instance: "i", event: one, found };
}

const nothing = (): readonly InstanceEvent[] => assert.fail("expected nothing to be decided again");
const typesOf = (facts: readonly InstanceEvent[]) => facts.map(({ type }) => type);

function nested(levels: number): Json {
  let value: Json = null;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

describe("where an order cannot be decided", () => {
  test("an event that was matched to an open wait is refused, and the wait goes on", () => {
    const refused = { type: "EventIgnored", event, disposition: "rejected", reason: "no", found: byKey } as const;
    assert.deepEqual(insteadOf(waiting, UNDECIDABLE, deliver(event), nothing), [{ ...refused, isWaiting: true }]);
    const closed = { ...byKey, wait: "9.event" };
    assert.deepEqual(insteadOf(waiting, UNDECIDABLE, deliver(event, closed), nothing), [{ ...refused, found: closed }]);
    const byName = { by: "instance" } as const;
    assert.deepEqual(insteadOf(absent, UNDECIDABLE, deliver(event, byName), nothing), [{ ...refused, found: byName }]);
  });

  test("an event that is nested too deeply to be written down is refused without its data", () => {
    const [whole] = insteadOf(waiting, UNDECIDABLE, deliver({ ...event, data: nested(DATA_DEPTH_MAX) }), nothing);
    assert.equal(whole?.type === "EventIgnored" && whole.isCut, undefined);
    const { data: _, ...attributes } = event;
    const deep = insteadOf(waiting, UNDECIDABLE, deliver({ ...event, data: nested(DATA_DEPTH_MAX + 1) }), nothing);
    assert.deepEqual(deep, [
      {
        type: "EventIgnored",
        event: attributes,
        disposition: "rejected",
        reason: "no",
        found: byKey,
        isWaiting: true,
        isCut: true,
      },
    ]);
  });

  test("an action fails with an error that says why; if not even that can be decided, its instance does", () => {
    const done: Command = {
      type: "CompleteAction",
      instance: "i",
      action: "1.a",
      outcome: { status: "completed", output: nested(450) },
    };
    const decided: InstanceEvent = {
      type: "ActionFailed",
      action: "1.a",
      error: { code: "x", message: "", classes: [] },
    };
    const facts = insteadOf(waiting, UNDECIDABLE, done, (order) => {
      const { outcome } = order as typeof done;
      assert.deepEqual(outcome.status === "failed" && [outcome.error.code, outcome.error.message], [
        "undecidable",
        "no",
      ]);
      return [decided];
    });
    assert.deepEqual(facts, [decided]);
    const failing = (): never => {
      throw new Error("again");
    };
    assert.equal(typesOf(insteadOf(waiting, UNDECIDABLE, done, failing)).at(-1), "InstanceFaulted");
  });

  test("a refused wait, and a time that was reached, end their instance", () => {
    const refusal: Command = { type: "RefuseWait", instance: "i", wait: "1.event", reason: "full" };
    for (const input of [refusal, undefined]) {
      assert.equal(typesOf(insteadOf(waiting, UNDECIDABLE, input, nothing)).at(-1), "InstanceFaulted");
    }
  });

  test("any other order is rejected, and changes nothing", () => {
    for (const input of [
      { type: "AbortInstance", instance: "i" },
      { type: "MergeData", instance: "i", data: {} },
      { type: "StartInstance", instance: "i", workflow: "w", data: {}, headers: {} },
    ] as const) {
      assert.deepEqual(insteadOf(waiting, UNDECIDABLE, input, nothing), []);
    }
  });
});

test("where what would follow is too large, the instance fails, and an event that would have made it so is refused", () => {
  const faults = insteadOf(waiting, TOO_LARGE, deliver(event), nothing);
  assert.deepEqual([faults[0]?.type, typesOf(faults).at(-1)], ["EventIgnored", "InstanceFaulted"]);
  assert.equal(faults[0]?.type === "EventIgnored" && faults[0].isWaiting, undefined, "its wait ends with it");
  const abort: Command = { type: "AbortInstance", instance: "i" };
  assert.equal(typesOf(insteadOf(waiting, TOO_LARGE, abort, nothing)).at(-1), "InstanceFaulted");
  assert.deepEqual(insteadOf(absent, TOO_LARGE, deliver(event), nothing), []);
});
