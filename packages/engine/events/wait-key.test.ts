import assert from "node:assert/strict";
import { test } from "node:test";
import type { CorrelationAttribute } from "@antiphon/definition";
import { correlationKey, type InstanceEvent, type Json, parseJson } from "@antiphon/protocol";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const attribute: CorrelationAttribute = { name: "orderid" };

function waitFor(...correlation: readonly CorrelationAttribute[]) {
  return make.callback("wait", make.consumed("paid", { correlation }));
}

/** The key of the wait that a start opens. */
function keyOf(events: readonly InstanceEvent[]): string | undefined {
  const awaited = events.find(({ type }) => type === "EventAwaited");
  return awaited?.type === "EventAwaited" ? awaited.events[0]?.key : undefined;
}

function startedWith(data: Json, headers: Record<string, string>, given_: CorrelationAttribute = attribute) {
  return given(make.workflowOf([waitFor(given_)])).when(make.start(data, { headers }));
}

const seventeen = correlationKey("", "paid", { orderid: "17" });

test("a value may be a literal, or an expression over the data", () => {
  assert.equal(keyOf(startedWith({}, {}, { name: "orderid", value: "17" }).events), seventeen);
  assert.equal(
    keyOf(startedWith({ order: { id: "17" } }, {}, { name: "orderid", value: "${ .order.id }" }).events),
    seventeen,
  );
});

test("a value may come from a header of the start request, else from a field of its data", () => {
  assert.equal(keyOf(startedWith({}, { orderid: "17" }).events), seventeen);
  assert.equal(keyOf(startedWith({ orderid: 17 }, {}).events), seventeen);
  assert.equal(keyOf(startedWith({ orderid: "18" }, { orderid: "17" }).events), seventeen);
  const long = startedWith(parseJson('{"orderid":12345678901234567890}'), {});
  assert.equal(keyOf(long.events), correlationKey("", "paid", { orderid: "12345678901234567890" }));
});

test("the definition's own value comes before what the instance knows", () => {
  assert.equal(keyOf(startedWith({ orderid: 18 }, {}, { name: "orderid", value: "17" }).events), seventeen);
});

test("a value may come from an event that was consumed earlier; the newest counts", () => {
  const ordered = make.consumed("ordered", { correlation: [{ ...attribute, value: ".id" }] });
  const definition = make.workflowOf([make.callback("order", ordered, { next: make.to("wait") }), waitFor(attribute)]);
  const event = make.cloudEvent("ordered", "e-1", {}, { orderid: "17" });
  const { events } = given(definition)
    .when(make.start({ id: "17", orderid: "9" }))
    .and.when(make.deliver(event));
  assert.equal(keyOf(events), seventeen);
});

test("without attributes of its own a wait is found by the business key of its instance", () => {
  const definition = make.workflowOf([make.callback("wait", make.consumed("paid"))]);
  const keyed = given(definition).when(make.start({}, { businessKey: "room 12" }));
  assert.equal(keyOf(keyed.events), correlationKey("", "paid", { kogitobusinesskey: "room 12" }));
  assert.equal(keyOf(given(definition).when(make.start({})).events), undefined);
});

for (const [name, data] of [
  ["missing", {}],
  ["null", { orderid: null }],
  ["empty", { orderid: "" }],
  ["an object", { orderid: {} }],
] as const) {
  test(`a value that is ${name} is an error of the workflow when the wait opens`, () => {
    startedWith(data, {}).then(
      make.started(data),
      { type: "StateEntered", state: "wait", visit: 1 },
      { type: "TokenMoved", step: "event.open" },
      {
        type: "InstanceFaulted",
        error: {
          code: "correlation",
          message:
            'event "paid", correlation attribute "orderid": expected a value, found none: ' +
            "neither what started the instance nor an earlier event brought one",
          classes: ["java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception"],
          where: 'state "wait"',
        },
      },
    );
  });
}

test("an expression without a result is no value", () => {
  const { instance } = startedWith({ orderid: 17 }, {}, { name: "orderid", value: "${ .nothing }" });
  assert.equal(instance.status === "faulted" && instance.error.code, "correlation");
});

test("an expression that fails is an error, and never becomes a key by its text", () => {
  const { instance } = startedWith({ orderid: 17 }, {}, { name: "orderid", value: "${ .orderid.id }" });
  assert.equal(instance.status === "faulted" && instance.error.code, "expression");
});

test("a wait that closes, or has its event, names the keys that it was registered under, and how many they serve", () => {
  const paid = make.consumed("paid", { correlation: [{ name: "orderid" }], metadata: { cardinality: "all" } });
  const started = given(make.workflowOf([make.callback("wait", paid)])).when(make.start({ orderid: "17" }));
  assert.deepEqual(started.events[2], {
    type: "EventAwaited",
    wait: "1.event",
    events: [{ name: "paid", eventType: "paid", key: seventeen, cardinality: "all" }],
  });
  assert.deepEqual(started.and.when({ type: "AbortInstance", instance: make.INSTANCE }).events[0], {
    type: "WaitClosed",
    wait: "1.event",
    reason: "ended",
    keys: [seventeen],
  });
  const found = { by: "key", wait: "1.event", key: seventeen as string } as const;
  const event = make.cloudEvent("paid", "e-1");
  assert.deepEqual(started.and.when(make.deliver(event, found)).events[0], {
    type: "EventReceived",
    wait: "1.event",
    event,
    found,
    keys: [seventeen],
  });
});

test("a wait that the correlator refuses is an error of its state", () => {
  const action = make.call("ask", make.http("ask"));
  const state = make.callback("wait", make.consumed("paid", { correlation: [attribute] }), {
    action,
    onErrors: [make.caught("java.lang.IllegalArgumentException", make.END)],
  });
  const refuse = {
    type: "RefuseWait",
    instance: make.INSTANCE,
    wait: "1.event",
    reason: "another wait has it",
  } as const;
  const refused = given(make.workflowOf([state]))
    .when(make.start({ orderid: "17" }))
    .and.when(refuse);
  refused.then({
    type: "WaitClosed",
    wait: "1.event",
    reason: "refused",
    refusal: "another wait has it",
    keys: [seventeen as string],
  });
  refused.and.when(refuse).then();
  refused.and.when(make.answer("1.ask")).then(
    { type: "ActionCompleted", action: "1.ask" },
    {
      type: "ErrorCaught",
      error: {
        code: "correlation",
        message: "wait 1.event: another wait has it",
        classes: ["java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception"],
        where: 'state "wait"',
      },
    },
    { type: "StateLeft", state: "wait", visit: 1 },
    { type: "InstanceCompleted" },
  );
});

test("a value that is no well-formed text is no key: the wait does not open, and the error says why", () => {
  for (const data of [{ orderid: "\ud800" }, { orderid: "a\udfff" }]) {
    const { instance } = startedWith(data, {}, { name: "orderid", value: "${ .orderid }" });
    assert.ok(instance.status === "faulted");
    assert.match(instance.error.message, /"orderid": expected well-formed text, found the lone surrogate "\\ud[8f]/);
  }
});
