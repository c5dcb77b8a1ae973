import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAudit } from "./check-audit.ts";
import { checkEvents } from "./check-events.ts";
import { checkInstances } from "./check-instances.ts";
import type { Audit, FoundInstance, LedgerItem, Outcome } from "./outcome.ts";
import { type Published, SOURCE, Tally } from "./tally.ts";
import { answerTo, deskOf } from "./workflows.ts";

/** One order for `key`, answered twice: the first answer came in two copies and was taken, the second was in vain. */
const TAKEN = ledgerItem("o1.key.0", { disposition: "resolved", instance: "i1", duplicates: 1 });
const IN_VAIN = ledgerItem("o1.key.1", { disposition: "buffered" });
const INSTANCE: FoundInstance = {
  id: "i1",
  workflow: "key",
  status: "completed",
  data: { orderid: "o1", key: answerTo("o1", "key") },
  history: [{ type: "EventReceived", event: { id: "o1.key.0" } }],
};
const AUDIT: Audit = {
  agrees: true,
  events: { received: 2, sum: 2, dispositions: { buffered: 1, resolved: 1 } },
  inputs: { waiting: 0 },
  waits: { open: 0, registered: 0, onTheWay: 0 },
  heldEvents: 1,
  instances: { live: 0, ended: 1 },
  deadLetters: { all: 0, open: 0 },
};
const OUTCOME: Outcome = { instances: [INSTANCE], ledger: [TAKEN, IN_VAIN], waits: [], letters: [], audit: AUDIT };
const ON_TOPICS = new Map([
  ["o1.key.0", 2],
  ["o1.key.1", 1],
]);

test("nothing is wrong when everybody says the same", () => {
  assert.deepEqual(problemsOf({}), []);
});

test("an event that only its service knows of is told", () => {
  const tally = tallied();
  publish(tally, "o1.key.2");
  assert.deepEqual(problemsOf({}, tally), [
    "event o1.key.2: is not in the ledger (by HTTP 0, of which 0 answered; to its topic 1)",
    "audit, events received: expected 3, found 2",
    "audit, sum of dispositions: expected 3, found 2",
  ]);
});

test("an event that only the ledger knows of is told", () => {
  const ledger = [TAKEN, IN_VAIN, ledgerItem("o9.key.0", { disposition: "unmatched" })];
  const [first] = problemsOf({ ledger });
  assert.equal(first, "event o9.key.0: is in the ledger, and was never published");
});

test("an event that the ledger has twice is told", () => {
  const [first] = problemsOf({ ledger: [TAKEN, IN_VAIN, IN_VAIN] });
  assert.equal(first, "event o1.key.1: expected once in the ledger, found 2 times");
});

test("an event that two instances have taken is told", () => {
  const other = { ...INSTANCE, id: "i2" };
  const problems = problemsOf({ instances: [INSTANCE, other] });
  assert.ok(problems.includes("event o1.key.0: expected taken once, found 2 times, by i1,i2"), problems.join("\n"));
  assert.ok(problems.includes("key o1: expected 1 instance, found 2"), problems.join("\n"));
});

test("a wait that has taken both of two answers is told", () => {
  const history = ["o1.key.0", "o1.key.1"].map((id) => ({ type: "EventReceived", event: { id } }));
  assert.deepEqual(problemsOf({ instances: [{ ...INSTANCE, history }] }), [
    "key o1: expected one of key taken, found 2: o1.key.0,o1.key.1",
    "key o1: took more than it waits for: o1.key.0,o1.key.1",
    "event o1.key.1: instance i1 has received it, found buffered  ",
  ]);
});

test("an event that is said to be resolved, and is in no history, is told", () => {
  assert.deepEqual(problemsOf({ instances: [{ ...INSTANCE, history: [] }] }), [
    "key o1: expected one of key taken, found 0: ",
    "event o1.key.0: no history has it, expected unmatched or expired or buffered, found resolved i1 ",
  ]);
});

test("an event that an instance of another order has taken is told", () => {
  const tally = tallied();
  publish(tally, "o2.key.0");
  const history = [{ type: "EventReceived", event: { id: "o2.key.0" } }];
  const ledger = [
    ledgerItem("o1.key.0", { disposition: "buffered", duplicates: 1 }),
    IN_VAIN,
    ledgerItem("o2.key.0", { disposition: "resolved", instance: "i1" }),
  ];
  const problems = problemsOf({ instances: [{ ...INSTANCE, history }], ledger }, tally);
  assert.ok(
    problems.includes("event o2.key.0: expected for order o2, instance undefined, found taken by i1 of o1"),
    problems.join("\n"),
  );
});

test("an answer at a desk may be taken by any order there, and by none of another desk", () => {
  const orderids = Array.from({ length: 20 }, (_, number) => `o${number}`);
  const [first = "", ...others] = orderids;
  const at = (isSame: boolean): string => `${others.find((one) => (deskOf(one) === deskOf(first)) === isSame)}`;
  const takenBy = (orderid: string): readonly string[] => {
    const tally = new Tally();
    const id = `${first}.desk.0`;
    publish(tally, id);
    const history = [{ type: "EventReceived", event: { id } }];
    const ledger = [ledgerItem(id, { instance: "i1" })];
    return checkEvents(
      tally,
      { ...OUTCOME, instances: [{ ...INSTANCE, data: { orderid }, history }], ledger },
      undefined,
    ).filter((problem) => problem.includes("expected for order"));
  };
  assert.deepEqual(takenBy(at(true)), []);
  assert.deepEqual(takenBy(at(false)), [
    `event ${first}.desk.0: expected for order ${first}, instance undefined, found taken by i1 of ${at(false)}`,
  ]);
});

test("a copy that nobody has counted is told", () => {
  assert.deepEqual(problemsOf({ ledger: [{ ...TAKEN, duplicates: 0 }, IN_VAIN] }), [
    "event o1.key.0: expected 2 to Infinity copies, found 1 (by HTTP 0, of which 0 answered; to its topic 1)",
  ]);
});

test("an order without an instance is told, unless nobody was told that it has begun", () => {
  const ledger = [ledgerItem("o1.key.0", { disposition: "buffered", duplicates: 1 }), IN_VAIN];
  const audit = { ...AUDIT, events: { ...AUDIT.events, dispositions: { buffered: 2 } }, heldEvents: 2 };
  const nothing = { instances: [], ledger, audit };
  assert.deepEqual(problemsOf(nothing), ["key o1: expected 1 instance, found 0"]);
  assert.deepEqual(problemsOf(nothing, tallied("perhaps")), []);
});

test("an instance that has not ended, or has ended with other data, is told", () => {
  const data = { orderid: "o1" };
  for (const wrong of [{ status: "active" }, { status: "faulted" }, { data }] as const) {
    const [first] = problemsOf({ instances: [{ ...INSTANCE, ...wrong }] });
    assert.match(`${first}`, /^key o1: instance i1: expected completed .* after EventReceived$/);
  }
});

test("an instance that nobody has ordered is told", () => {
  const extra = { ...INSTANCE, id: "i3", data: { orderid: "o3", key: answerTo("o3", "key") }, history: [] };
  assert.deepEqual(problemsOf({ instances: [INSTANCE, extra] }), ["key o3: expected no instance, found 1"]);
});

test("something that was asked for under two keys is told", () => {
  const tally = tallied();
  tally.ask("o1", "key", "another");
  assert.deepEqual(problemsOf({}, tally), ["o1 key: asked 2 times, expected one key, found once,another"]);
});

test("a dead letter of an event that was taken is told", () => {
  const letter = { id: "d1", disposition: "rejected", reason: "bytes", event: { source: SOURCE, id: "o1.key.0" } };
  assert.deepEqual(problemsOf({ letters: [letter] }), [
    "dead letter d1: expected one of an event that nobody took, found rejected, bytes: event o1.key.0, which is resolved",
    "audit, dead letters that are open: expected 1, found 0",
  ]);
});

test("an audit that disagrees, or knows of something that is left, is told", () => {
  const left = { waits: { open: 1, registered: 0, onTheWay: 0 }, heldEvents: 2, instances: { live: 1, ended: 0 } };
  assert.deepEqual(problemsOf({ audit: { ...AUDIT, ...left } }), [
    "audit, events held: expected 1, found 2",
    'audit, waits: expected {"open":0,"registered":0,"onTheWay":0}, found {"open":1,"registered":0,"onTheWay":0}',
    "audit, instances that have not ended: expected 0, found 1",
  ]);
  const [first] = problemsOf({ audit: { ...AUDIT, agrees: false } });
  assert.match(`${first}`, /^the audit does not agree: /);
});

test("an audit that counts other dispositions than the ledger lists is told", () => {
  const events = { ...AUDIT.events, dispositions: { buffered: 2 } };
  assert.deepEqual(problemsOf({ audit: { ...AUDIT, events } }), [
    'audit, dispositions: expected [["buffered",1],["resolved",1]], found [["buffered",2]]',
  ]);
});

function problemsOf(wrong: Partial<Outcome>, tally = tallied()): readonly string[] {
  const outcome = { ...OUTCOME, ...wrong };
  return [
    ...checkInstances(tally, outcome),
    ...checkEvents(tally, outcome, new Map([...ON_TOPICS, ["o2.key.0", 1]])),
    ...checkAudit(tally, outcome),
  ];
}

function tallied(began: "surely" | "perhaps" = "surely"): Tally {
  const tally = new Tally();
  tally.orders.push({ orderid: "o1", workflow: "key", began });
  tally.ask("o1", "key", "once");
  publish(tally, "o1.key.0");
  publish(tally, "o1.key.1");
  return tally;
}

function publish(tally: Tally, id: string): Published {
  const [orderid = "", label = ""] = id.split(".");
  const entry = tally.entryOf({ specversion: "1.0", id, source: SOURCE, type: "chaos.key" }, orderid, label);
  entry.toTopic += 1;
  return entry;
}

function ledgerItem(id: string, said: Partial<LedgerItem>): LedgerItem {
  return { source: SOURCE, id, type: "chaos.key", disposition: "resolved", duplicates: 0, ...said };
}
