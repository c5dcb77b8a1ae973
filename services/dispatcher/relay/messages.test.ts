import assert from "node:assert/strict";
import { test } from "node:test";
import { deadLetterId } from "@antiphon/host";
import { type CloudEvent, type Decision, type InstanceEvent, parseJson, topics } from "@antiphon/protocol";
import { undeliverable } from "./dead-letter.ts";
import { messagesOf, sinkEventsOf } from "./messages.ts";

const event: CloudEvent = { specversion: "1.0", id: "e-1", source: "/shop", type: "paid", data: { n: 1 } };
const stamp = (index: number) => ({ topic: topics.history, partition: 3, offset: 42, index });
const byKey = { by: "key", wait: "2.event", key: "k-1" } as const;
const byInstance = { by: "instance" } as const;

/** What a decision of instance i-1 at 1,000 sends, each message with its value as JSON. */
function sent(decision: Partial<Decision<InstanceEvent>>, key: string | null = "i-1") {
  const fact = { offset: 42, key, decision: { atMs: 1_000, events: [], ...decision } };
  return messagesOf(fact, stamp).map(({ origin: _, value, ...message }) => ({
    ...message,
    value: parseJson(value ?? "null"),
  }));
}

/** The letter that puts `content` aside: its key is its id. */
function letter(index: number, content: { readonly event?: CloudEvent; readonly [member: string]: unknown }) {
  const from = { topic: "antiphon.history", partition: 3, offset: 42, index };
  const { event, direction } = content as { readonly event?: CloudEvent; readonly direction?: "out" };
  const id = deadLetterId({ from, ...(event && { event }), ...(direction && { direction }) });
  return { topic: topics.deadLetters, key: id, value: { id, atMs: 1_000, ...content, instance: "i-1", from } };
}

test("a wait with keys is opened under each of them, with the cardinality that its event has", () => {
  const found = sent({
    events: [
      {
        type: "EventAwaited",
        wait: "2.event",
        events: [
          { name: "paid", eventType: "paid", key: "k-1" },
          { name: "refused", eventType: "refused", key: "k-2", cardinality: "all" },
          { name: "paidToo", eventType: "paid", key: "k-1" },
          { name: "told", eventType: "told" },
        ],
      },
    ],
  });
  const wait = { instance: "i-1", wait: "2.event" };
  assert.deepEqual(found, [
    {
      topic: "antiphon.correlation",
      key: "k-1",
      value: { key: "k-1", from: stamp(0), type: "OpenWait", wait, cardinality: "one" },
    },
    {
      topic: "antiphon.correlation",
      key: "k-2",
      value: { key: "k-2", from: stamp(1), type: "OpenWait", wait, cardinality: "all" },
    },
  ]);
});

test("a wait that ends is closed under each of its keys", () => {
  const keys = ["k-1", "k-2"];
  const found = sent({ events: [{ type: "WaitClosed", wait: "2.event", reason: "timeout", keys }] });
  assert.deepEqual(
    found,
    keys.map((key, i) => ({
      topic: "antiphon.correlation",
      key,
      value: { key, from: stamp(i), type: "CloseWait", instance: "i-1", wait: "2.event" },
    })),
  );
  const received = { type: "EventReceived", wait: "2.event", event, found: byInstance, keys } as const;
  assert.deepEqual(sent({ events: [received] }), found);
});

test("a wait that was matched by one key is closed under the others only", () => {
  const received = { type: "EventReceived", wait: "2.event", event, found: byKey } as const;
  assert.deepEqual(
    sent({ events: [{ ...received, keys: ["k-1", "k-2"] }] }).map(({ key }) => key),
    ["k-2"],
  );
  assert.deepEqual(sent({ events: [{ ...received, keys: ["k-1"] }] }), []);
});

test("a wait without keys is nobody's business but its instance's", () => {
  const events: readonly InstanceEvent[] = [
    { type: "EventAwaited", wait: "2.event", events: [{ name: "paid", eventType: "paid" }] },
    { type: "EventReceived", wait: "2.event", event, found: byInstance },
    { type: "WaitClosed", wait: "3.event", reason: "left" },
  ];
  assert.deepEqual(sent({ events }), []);
});

test("an event that an instance did not take goes back to the key where it was matched", () => {
  const ignored = { type: "EventIgnored", event, disposition: "unmatched", reason: "closed", found: byKey } as const;
  const value = { key: "k-1", from: stamp(0), type: "RefuseEvent", instance: "i-1", wait: "2.event", event };
  assert.deepEqual(sent({ events: [ignored] }), [{ topic: "antiphon.correlation", key: "k-1", value }]);
});

test("an event that an open wait could not take goes back to its key, with the word that the wait goes on", () => {
  const fact = {
    type: "EventIgnored",
    event,
    disposition: "rejected",
    reason: "no",
    found: byKey,
    isWaiting: true,
  } as const;
  const refusal = {
    key: "k-1",
    from: stamp(0),
    type: "RefuseEvent",
    instance: "i-1",
    wait: "2.event",
    event,
    isOpen: true,
  };
  const topic = "antiphon.correlation";
  assert.deepEqual(sent({ events: [fact] }), [{ topic, key: "k-1", value: refusal }]);
  assert.deepEqual(sent({ events: [{ ...fact, isCut: true }] }), [
    { topic, key: "k-1", value: { ...refusal, isCut: true } },
  ]);
  const { isWaiting: _, ...rest } = fact;
  const ignored = { ...rest, found: byInstance, isCut: true } as const;
  assert.deepEqual(sent({ events: [ignored] }), [
    letter(0, { reason: "no", disposition: "rejected", event, isCut: true }),
  ]);
});

test("an event that no instance can use becomes a dead letter", () => {
  const ignored = (disposition: "unmatched" | "expired" | "rejected", found: typeof byInstance) =>
    ({ type: "EventIgnored", event, disposition, reason: "too late", found }) as const;
  const events = [ignored("unmatched", byInstance), ignored("expired", byInstance), ignored("rejected", byInstance)];
  assert.deepEqual(sent({ events }), [
    letter(0, { reason: "too late", disposition: "unmatched", event }),
    letter(1, { reason: "too late", disposition: "expired", event }),
    letter(2, { reason: "too late", disposition: "rejected", event }),
  ]);
});

test("a wait that was matched to a duplicate, and waits on, goes back to its key", () => {
  const fact = { type: "EventIgnored", event, disposition: "duplicate", reason: "taken", found: byKey } as const;
  const ref = { source: event.source, id: event.id, type: event.type };
  const value = { key: "k-1", from: stamp(0), type: "ReturnWait", instance: "i-1", wait: "2.event", event: ref };
  assert.deepEqual(sent({ events: [{ ...fact, isWaiting: true }] }), [
    { topic: "antiphon.correlation", key: "k-1", value },
  ]);
});

test("a duplicate is neither offered to anybody again nor put aside", () => {
  for (const found of [byInstance, byKey]) {
    assert.deepEqual(
      sent({ events: [{ type: "EventIgnored", event, disposition: "duplicate", reason: "", found }] }),
      [],
    );
  }
});

test("a produced event goes to its topic as a structured CloudEvent, with the instance as its key", () => {
  const produced = parseJson('{"specversion":"1.0","id":"p","source":"/s","type":"t","data":68.0}') as CloudEvent;
  const fact = {
    offset: 42,
    key: "i-1",
    decision: { atMs: 0, events: [{ type: "EventProduced", topic: "orders", event: produced } as const] },
  };
  assert.deepEqual(messagesOf(fact, stamp), [
    {
      topic: "orders",
      key: "i-1",
      value: '{"specversion":"1.0","id":"p","source":"/s","type":"t","data":68.0}',
      headers: { "content-type": "application/cloudevents+json; charset=UTF-8" },
      origin: { from: stamp(0), atMs: 0, instance: "i-1", event: produced },
    },
  ]);
});

test("a command that could not be decided becomes a dead letter with the text that it was", () => {
  const rejected = { reason: "no such workflow", value: '{"type":"AbortInstance"}' };
  const to = { topic: topics.commands, key: "i-1" };
  assert.deepEqual(sent({ rejected }), [letter(0, { disposition: "rejected", ...rejected, to })]);
  const cut = { reason: "too long", value: '{"type"', isCut: true } as const;
  assert.deepEqual(sent({ rejected: cut }), [letter(0, { disposition: "rejected", ...cut })]);
});

test("a rejected command that carried an event becomes a dead letter with the event", () => {
  const reason = "no such workflow";
  const expected = [letter(0, { disposition: "rejected", reason, event })];
  const delivery = JSON.stringify({ type: "DeliverEvent", event, found: byInstance });
  assert.deepEqual(sent({ rejected: { reason, value: delivery } }), expected);
  const cut = JSON.stringify({ event });
  assert.deepEqual(sent({ rejected: { reason, value: cut, isCut: true } }), [
    letter(0, { disposition: "rejected", reason, event, isCut: true }),
  ]);
  const start = JSON.stringify({ type: "StartInstance", workflow: "w", event: { name: "paid", event } });
  assert.deepEqual(sent({ rejected: { reason, value: start } }), expected);
});

test("a record that was no command, and so has no instance, becomes a dead letter under the letter's own id", () => {
  const id = deadLetterId({ from: stamp(0) });
  const rejected = { reason: "expected JSON", value: "{" };
  const to = { topic: topics.commands, key: null };
  const value = { id, atMs: 1_000, disposition: "rejected", ...rejected, to, from: stamp(0) };
  assert.deepEqual(sent({ rejected }, null), [{ topic: topics.deadLetters, key: id, value }]);
});

test("messages of one decision are stamped in the order of its facts", () => {
  const keys = ["k-1"];
  const found = sent({
    events: [
      { type: "WaitClosed", wait: "2.event", reason: "left", keys },
      { type: "StateLeft", state: "a", visit: 2 },
      { type: "EventProduced", topic: "orders", event },
      { type: "EventAwaited", wait: "3.event", events: [{ name: "paid", eventType: "paid", key: "k-1" }] },
    ],
  });
  assert.deepEqual(
    found.map(({ topic, value }) => [topic, (value as { from?: { index: number } }).from?.index]),
    [
      ["antiphon.correlation", 0],
      ["orders", undefined],
      ["antiphon.correlation", 2],
    ],
  );
});

test("facts that concern the instance alone send nothing", () => {
  const error = { code: "x", message: "", classes: [] };
  const events: readonly InstanceEvent[] = [
    { type: "ActionRequested", action: "1.a", function: "f", definition: "h", arguments: {} },
    { type: "ActionCompleted", action: "1.a" },
    { type: "ActionFailed", action: "1.a", error },
    { type: "MessageLogged", level: "info", message: "hello" },
    { type: "EventBuffered", event, expiresMs: 1 },
    { type: "InstanceCompleted" },
  ];
  assert.deepEqual(sent({ events }), []);
});

test("what its topic does not take becomes a dead letter with the topic's reason, and where it was to go", () => {
  const origin = { from: stamp(1), atMs: 1_000, instance: "i-1" };
  const message = { topic: "orders", key: "i-1", value: "text", origin };
  const reason = 'topic "orders" does not take it: there is no such topic';
  const put = (more: object, value = "text") =>
    parseJson(
      undeliverable({ ...message, value, origin: { ...origin, ...more } }, "there is no such topic").value ?? "",
    );
  const to = { topic: "orders", key: "i-1" };
  const about = { disposition: "rejected", reason };
  assert.deepEqual(put({}), letter(1, { ...about, value: "text", to }).value);
  assert.deepEqual(put({ event }), letter(1, { ...about, direction: "out", event, to }).value);
  assert.deepEqual(
    put({ event, mode: "data" }),
    letter(1, { ...about, direction: "out", event, to: { ...to, mode: "data" } }).value,
  );
  const refusal = JSON.stringify({ type: "RefuseEvent", key: "k", instance: "i-1", wait: "1.a", event });
  assert.deepEqual(put({}, refusal), letter(1, { ...about, event }).value);
});

test("all copies of an event that nobody can use are one letter", () => {
  const ignored = { type: "EventIgnored", event, disposition: "unmatched", reason: "late", found: byInstance } as const;
  const [one, other] = sent({ events: [ignored, ignored] });
  assert.equal(one?.key, other?.key);
});

test("a produced event is written as its channel has it", () => {
  const on = (mode: "binary" | "data") =>
    sent({ events: [{ type: "EventProduced", topic: "orders", channel: "orders", mode, event }] });
  const attributes = { ce_specversion: "1.0", ce_id: "e-1", ce_source: "/shop", ce_type: "paid" };
  const json = { "content-type": "application/json" };
  const rest = { topic: "orders", key: "i-1", value: { n: 1 } };
  assert.deepEqual(on("binary"), [{ ...rest, headers: { ...attributes, ...json } }]);
  assert.deepEqual(on("data"), [{ ...rest, headers: json }]);
});

test("an event for a sink is no message, and those after it are numbered as if it were one", () => {
  const produced = { type: "EventProduced", topic: "orders", event } as const;
  const closed = { type: "WaitClosed", wait: "2.event", reason: "left", keys: ["k-1"] } as const;
  const fact = { offset: 42, key: "i-1", decision: { atMs: 1_000, events: [produced, closed] } };
  const toSink = messagesOf(fact, stamp, "http://sink");
  assert.deepEqual(
    toSink.map(({ topic, origin }) => [topic, origin.from.index]),
    [["antiphon.correlation", 1]],
  );
  assert.deepEqual(sinkEventsOf(fact, "http://sink"), [{ produced, url: "http://sink", index: 0 }]);
  assert.deepEqual(sinkEventsOf(fact, undefined), []);
  assert.equal(messagesOf(fact, stamp).length, 2);
});

test("an event does not go to a topic of the machine, whatever its definition has come to say, and is put aside", () => {
  for (const topic of ["antiphon.history", "shop.antiphon.commands"]) {
    const messages = sent({ events: [{ type: "EventProduced", topic, channel: "paid", mode: "data", event }] });
    const reason = `topic "${topic}" does not take it: it is one of Antiphon's own`;
    const to = { topic, key: "i-1", mode: "data" };
    assert.deepEqual(messages, [letter(0, { disposition: "rejected", reason, direction: "out", event, to })]);
  }
});
