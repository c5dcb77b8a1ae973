import assert from "node:assert/strict";
import { test } from "node:test";
import type { InstanceEvent } from "@antiphon/protocol";
import { requested } from "../testing/world.ts";
import { OpenRequests } from "./open-requests.ts";

const fact = (offset: number, key: string | null, ...events: readonly InstanceEvent[]) => ({
  offset,
  key,
  decision: { atMs: 0, events },
});
const namesOf = (requests: Iterable<{ instance: string; requested: { action: string } }>) =>
  [...requests].map(({ instance, requested: { action } }) => `${instance}:${action}`);
const error = { code: "x", message: "", classes: [] };

test("a request is open until its result is there, in the order of the history", () => {
  const open = new OpenRequests();
  assert.equal(open.oldest, undefined);
  assert.deepEqual(namesOf(open.take(fact(3, "i", requested("1.a", "f"), requested("1.b", "f")))), ["i:1.a", "i:1.b"]);
  open.take(fact(4, "j", requested("1.a", "f")));
  open.take(fact(5, "k", requested("1.a", "f")));
  open.take(fact(6, "i", { type: "ActionCompleted", action: "1.a" }));
  assert.deepEqual([open.oldest, ...namesOf(open)], [3, "i:1.b", "j:1.a", "k:1.a"]);
  open.take(fact(7, "i", { type: "ActionFailed", action: "1.b", error }));
  open.take(fact(8, "j", { type: "ActionCancelled", action: "1.a" }));
  assert.deepEqual([open.oldest, ...namesOf(open)], [5, "k:1.a"]);
  assert.equal(open.size, 1);
});

test("nothing of an instance that has ended is open", () => {
  const ends: readonly InstanceEvent[] = [
    { type: "InstanceCompleted" },
    { type: "InstanceFaulted", error },
    { type: "InstanceAborted", reason: "" },
  ];
  for (const end of ends) {
    const open = new OpenRequests();
    const opened = open.take(fact(1, "i", requested("1.a", "f"), requested("1.b", "f")));
    open.take(fact(2, "j", requested("1.a", "f")));
    open.take(fact(3, "i", end));
    assert.deepEqual(namesOf(open), ["j:1.a"]);
    assert.deepEqual(
      opened.map(({ closed }) => closed.aborted),
      [true, true],
    );
  }
});

test("a request that its own decision takes back is not handed out", () => {
  const open = new OpenRequests();
  const facts = fact(1, "i", requested("1.a", "f"), { type: "ActionCancelled", action: "1.a" });
  assert.deepEqual(open.take(facts), []);
  assert.deepEqual([open.size, open.bytes], [0, 0]);
});

test("a further attempt takes the place of the one before, whose late result does not close it", () => {
  const open = new OpenRequests();
  const [first] = open.take(fact(1, "i", requested("1.a", "f")));
  open.take(fact(2, "i", { type: "ActionRetried", action: "1.a", attempt: 2, error }));
  assert.deepEqual([first?.closed.aborted, open.size], [true, 0]);
  const [second] = open.take(fact(3, "i", { ...requested("1.a", "f"), attempt: 2 }));
  if (first !== undefined) open.close(first);
  assert.deepEqual([second?.closed.aborted, open.oldest], [false, 3]);
  if (second !== undefined) open.close(second);
  assert.equal(open.size, 0);
});

test("a request that nobody waits for outlives its instance, unless that is aborted", () => {
  const open = new OpenRequests();
  const detached = { ...requested("1.a", "f"), detached: true } as const;
  assert.deepEqual(namesOf(open.take(fact(1, "i", detached, { type: "InstanceCompleted" }))), ["i:1.a"]);
  assert.deepEqual(namesOf(open.take(fact(2, "j", detached, { type: "InstanceFaulted", error }))), ["j:1.a"]);
  open.take(fact(3, "i", { type: "ActionCompleted", action: "1.a" }));
  open.take(fact(4, "j", { type: "InstanceAborted", reason: "" }));
  assert.equal(open.size, 0);
});

test("results of which nothing was asked, and records about positions only, change nothing", () => {
  const open = new OpenRequests();
  open.take(fact(1, "i", { type: "ActionCompleted", action: "1.a", output: 1 }, { type: "InstanceCompleted" }));
  open.take(fact(2, null));
  assert.deepEqual([open.size, open.oldest], [0, undefined]);
});

test("what is open is measured by the bytes of its arguments", () => {
  const open = new OpenRequests();
  const [first] = open.take(fact(1, "i", requested("1.a", "f", { n: "ä😀" }), requested("1.b", "f", [])));
  assert.equal(open.bytes, '{"n":""}'.length + 2 + 4 + "[]".length);
  if (first !== undefined) open.close(first);
  assert.equal(open.bytes, "[]".length);
  assert.equal(first?.closed.aborted, true);
});
