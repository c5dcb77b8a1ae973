import assert from "node:assert/strict";
import { test } from "node:test";
import { correlationKey, type InstanceEvent } from "@antiphon/protocol";
import { absent, BUFFER_MS, BUFFERED_EVENTS_MAX, BUFFERED_LENGTH_MAX, decide, dueMs, evolve } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, given, NOW_MS } from "../testing/index.ts";

const approved = make.consumed("approved");
const paid = make.consumed("paid", { metadata: { bufferFor: "PT5M" } });
/** Asks somebody, waits for approved, works, waits for paid. */
const definition = make.workflowOf([
  make.callback("approve", approved, { next: make.to("work") }),
  make.operation("work", [make.call("work", make.http("work"))], { next: make.to("pay") }),
  make.callback("pay", paid),
]);
const byInstance = { by: "instance" } as const;
const approval = make.cloudEvent("approved", "e-1", { a: 1 });
const payment = make.cloudEvent("paid", "e-2", { p: 2 });
const waiting = given(definition).when(make.start()).and;
const working = waiting.when(make.deliver(approval)).and;

test("an event for a wait that is not open yet is kept, and taken as soon as the wait opens", () => {
  const early = working.when(make.deliver(payment));
  early.then({ type: "EventBuffered", event: payment, expiresMs: NOW_MS + 300_000 });
  early.and
    .when(make.answer("2.work"))
    .then(
      { type: "ActionCompleted", action: "2.work" },
      { type: "StateLeft", state: "work", visit: 2 },
      { type: "StateEntered", state: "pay", visit: 3 },
      { type: "EventAwaited", wait: "3.event", events: [{ name: "paid", eventType: "paid" }] },
      { type: "EventReceived", wait: "3.event", event: payment, found: byInstance },
      { type: "DataChanged", data: { a: 1, p: 2 } },
      { type: "StateLeft", state: "pay", visit: 3 },
      { type: "InstanceCompleted" },
    );
});

test("an early event whose time is over is let go of, and the next wait does not get it", () => {
  const early = working.when(make.deliver(payment));
  assert.equal(dueMs(early.instance), NOW_MS + 300_000);
  early.and
    .at(NOW_MS + 299_999)
    .when(make.reachTime)
    .then();
  const late = early.and.at(NOW_MS + 300_000).when(make.reachTime);
  late.then({
    type: "EventIgnored",
    event: payment,
    disposition: "expired",
    reason: "no wait for it opened in time",
    found: byInstance,
  });
  assert.equal(dueMs(late.instance), undefined);
  assert.deepEqual(late.and.when(make.answer("2.work")).events.at(-1), { type: "TokenMoved", step: "event" });
});

test("an instance that never starts leaves nothing once its early events are let go of", () => {
  const early = given(definition)
    .when(make.deliver(approval))
    .and.at(NOW_MS + 1)
    .when(make.deliver(payment));
  const first = early.and.at(NOW_MS + BUFFER_MS).when(make.reachTime);
  assert.deepEqual(first.instance, {
    status: "absent",
    buffer: [{ event: payment, sinceMs: NOW_MS + 1, expiresMs: NOW_MS + 1 + BUFFER_MS }],
  });
  assert.equal(first.and.at(NOW_MS + 1 + BUFFER_MS).when(make.reachTime).instance, absent);
});

test("an event that comes before its instance has started is kept for it", () => {
  const early = given(definition).when(make.deliver(approval));
  early.then({ type: "EventBuffered", event: approval, expiresMs: NOW_MS + BUFFER_MS });
  const { events } = early.and.when(make.start());
  assert.deepEqual(events[3], { type: "EventReceived", wait: "1.event", event: approval, found: byInstance });
});

test("without its definition, too, an event for an instance that is not there is kept, and expires", () => {
  const [kept] = decide(undefined, absent, make.deliver(approval), environmentAt(NOW_MS));
  assert.deepEqual(kept, { type: "EventBuffered", event: approval, expiresMs: NOW_MS + BUFFER_MS });
  const instance = evolve(absent, kept as InstanceEvent, NOW_MS);
  const expired = decide(undefined, instance, make.reachTime, environmentAt(NOW_MS + BUFFER_MS));
  assert.deepEqual(
    expired.map(({ type }) => type),
    ["EventIgnored"],
  );
  assert.deepEqual(evolve(instance, expired[0] as InstanceEvent, NOW_MS), absent);
});

test("the same event again is a duplicate, whether it was taken, is kept, or the instance has ended", () => {
  const duplicate = (event: typeof approval, reason: string): InstanceEvent => ({
    type: "EventIgnored",
    event,
    disposition: "duplicate",
    reason,
    found: byInstance,
  });
  working.when(make.deliver(approval)).then(duplicate(approval, "the instance has taken it already"));
  working
    .when(make.deliver(payment))
    .and.when(make.deliver(payment))
    .then(duplicate(payment, "it is kept already, for a wait that opens later"));
  given(definition)
    .when(make.deliver(approval))
    .and.when(make.deliver(approval))
    .then(duplicate(approval, "it is kept already"));
  working
    .when(make.answer("2.work"), make.deliver(payment))
    .and.when(make.deliver(approval))
    .then(duplicate(approval, "the instance has taken it already"));
});

test("a duplicate never answers a second wait for its type", () => {
  const twice = make.workflowOf([
    make.callback("first", approved, { next: make.to("second") }),
    make.callback("second", approved),
  ]);
  const second = given(twice).when(make.start(), make.deliver(approval)).and;
  assert.equal(second.when(make.deliver(approval)).events[0]?.type, "EventIgnored");
  const other = make.cloudEvent("approved", "e-1", {}, { source: "/elsewhere" });
  assert.equal(second.when(make.deliver(other)).events[0]?.type, "EventReceived");
});

test("a duplicate that was matched to a wait by its key leaves it waiting, and says so", () => {
  const found = { by: "key", wait: "3.event", key: "k" } as const;
  const paying = working.when(make.answer("2.work")).and;
  const ignored = {
    type: "EventIgnored",
    event: approval,
    disposition: "duplicate",
    reason: "the instance has taken it already",
    found,
  } as const;
  paying.when(make.deliver(approval, found)).then({ ...ignored, isWaiting: true });
  const done = { ...found, wait: "1.event" };
  paying.when(make.deliver(approval, done)).then({ ...ignored, found: done });
});

test("an event of a type that the workflow waits for nowhere is unmatched", () => {
  const event = make.cloudEvent("unheard", "e-9");
  waiting.when(make.deliver(event)).then({
    type: "EventIgnored",
    event,
    disposition: "unmatched",
    reason: 'workflow "onboarding" waits for no event of type "unheard"',
    found: byInstance,
  });
});

test("an event for an instance that has ended is late", () => {
  const event = make.cloudEvent("paid", "e-9");
  const late = {
    type: "EventIgnored",
    event,
    disposition: "unmatched",
    reason: "late: the instance is aborted",
  } as const;
  const ended = waiting.when({ type: "AbortInstance", instance: "i-1" }).and;
  ended.when(make.deliver(event)).then({ ...late, found: byInstance });
  const token = { by: "token", wait: "1.event" } as const;
  ended.when(make.deliver(event, token)).then({ ...late, found: token, refused: "closed" });
});

test("early events are let go of when their instance ends", () => {
  working.when(make.deliver(payment)).and.when({ type: "AbortInstance", instance: "i-1" }).then(
    { type: "ActionCancelled", action: "2.work" },
    {
      type: "EventIgnored",
      event: payment,
      disposition: "unmatched",
      reason: "the instance ended before a wait for it opened",
      found: byInstance,
    },
    { type: "InstanceAborted", reason: "by request" },
  );
});

test("an instance keeps so many early events, and so much of them, and no more", () => {
  const events = Array.from({ length: BUFFERED_EVENTS_MAX }, (_, i) => make.deliver(make.cloudEvent("paid", `p-${i}`)));
  const full = working.when(...events);
  assert.equal(
    full.events.every(({ type }) => type === "EventBuffered"),
    true,
  );
  full.and.when(make.deliver(payment)).then({
    type: "EventIgnored",
    event: payment,
    disposition: "unmatched",
    reason: "buffer full: 100 early events are kept already",
    found: byInstance,
  });
  const large = make.cloudEvent("paid", "large", "x".repeat(BUFFERED_LENGTH_MAX));
  assert.equal(working.when(make.deliver(large)).events[0]?.type, "EventIgnored");
});

const token = { by: "token", wait: "1.event" } as const;

test("a token resolves exactly its wait, whatever the type of the event", () => {
  const event = make.cloudEvent("plain", "e-7", { a: 1 });
  assert.deepEqual(waiting.when(make.deliver(event, token)).events.slice(0, 2), [
    { type: "EventReceived", wait: "1.event", event, found: token },
    { type: "DataChanged", data: { a: 1 } },
  ]);
});

test("a token whose wait another event has resolved is used", () => {
  const event = make.cloudEvent("approved", "e-7");
  working.when(make.deliver(event, token)).then({
    type: "EventIgnored",
    event,
    disposition: "unmatched",
    reason: "wait 1.event is resolved by another event",
    found: token,
    refused: "used",
  });
  working.when(make.deliver(approval, token)).then({
    type: "EventIgnored",
    event: approval,
    disposition: "duplicate",
    reason: "the instance has taken it already",
    found: token,
    refused: "used",
  });
});

test("a token of a wait or an instance that has never been is unknown", () => {
  const found = { by: "token", wait: "7.event" } as const;
  const unknown = {
    type: "EventIgnored",
    event: approval,
    disposition: "unmatched",
    found,
    refused: "unknown",
  } as const;
  waiting.when(make.deliver(approval, found)).then({ ...unknown, reason: "wait 7.event is unknown" });
  given(definition)
    .when(make.deliver(approval, found))
    .then({ ...unknown, reason: "there is no such instance" });
});

test("a match by key goes to its wait; if that is gone, the instance says so and the key goes back", () => {
  const found = { by: "key", wait: "1.event", key: "k" } as const;
  assert.equal(waiting.when(make.deliver(approval, found)).events[0]?.type, "EventReceived");
  const other = make.cloudEvent("approved", "e-7");
  const refused = { type: "EventIgnored", event: other, disposition: "unmatched", found } as const;
  working.when(make.deliver(other, found)).then({ ...refused, reason: "wait 1.event is resolved by another event" });
  given(definition)
    .when(make.deliver(other, found))
    .then({ ...refused, reason: "there is no such instance" });
});

test("an event by id or key is refused by a wait for another type", () => {
  const found = { by: "key", wait: "1.event", key: "k" } as const;
  waiting.when(make.deliver(payment, found)).then({
    type: "EventIgnored",
    event: payment,
    disposition: "unmatched",
    reason: 'wait 1.event: expected an event of type "approved", found "paid"',
    found,
  });
});

test("an event that names the instance but contradicts the wait's key is unmatched", () => {
  const keyed = make.consumed("shipped", { correlation: [{ name: "orderid" }, { name: "region", value: "eu" }] });
  const shipping = given(make.workflowOf([make.callback("ship", keyed)])).when(make.start({ orderid: 17 }));
  const key = correlationKey("", "shipped", { orderid: "17", region: "eu" }) as string;
  assert.deepEqual(shipping.events[2], {
    type: "EventAwaited",
    wait: "1.event",
    events: [{ name: "shipped", eventType: "shipped", key }],
  });
  const wrong = make.cloudEvent("shipped", "e-1", {}, { orderid: "18" });
  shipping.and.when(make.deliver(wrong)).then({
    type: "EventIgnored",
    event: wrong,
    disposition: "unmatched",
    reason: 'wait 1.event: correlation attribute "orderid": expected "17", found "18"',
    found: byInstance,
  });
  const right = make.cloudEvent("shipped", "e-2", {}, { orderid: "17" });
  assert.deepEqual(shipping.and.when(make.deliver(right)).events[0], {
    type: "EventReceived",
    wait: "1.event",
    event: right,
    found: byInstance,
    correlation: { orderid: "17" },
    keys: [key],
  });
});
