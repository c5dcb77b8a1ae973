import assert from "node:assert/strict";
import { test } from "node:test";
import { type Turn, Turns } from "./turns.ts";

const never = new AbortController().signal;

/** Takes a turn and says so when it has it. */
function taker(turns: Turns, said: string[]) {
  return async (host: string, name: string, signal = never): Promise<Turn | undefined> => {
    const turn = await turns.take(host, signal);
    said.push(turn === undefined ? `${name} left` : name);
    return turn;
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("so many have a turn at a host at a time, the others follow in the order of asking", async () => {
  const said: string[] = [];
  const take = taker(new Turns(2), said);
  const [a, b] = [take("h", "a"), take("h", "b")];
  const rest = [take("h", "c"), take("h", "d"), take("h", "e")];
  await settled();
  assert.deepEqual(said, ["a", "b"]);
  (await b)?.[Symbol.dispose]();
  await settled();
  assert.deepEqual(said, ["a", "b", "c"]);
  (await a)?.[Symbol.dispose]();
  (await a)?.[Symbol.dispose]();
  await settled();
  assert.deepEqual(said, ["a", "b", "c", "d"], "a turn that is given back twice counts once");
  (await rest[0])?.[Symbol.dispose]();
  await settled();
  assert.deepEqual(said, ["a", "b", "c", "d", "e"]);
});

test("a host that is busy holds up no other", async () => {
  const said: string[] = [];
  const take = taker(new Turns(1), said);
  void take("slow", "a");
  void take("slow", "b");
  void take("quick", "c");
  await settled();
  assert.deepEqual(said, ["a", "c"]);
});

test("who leaves the queue is passed over", async () => {
  const said: string[] = [];
  const take = taker(new Turns(1), said);
  const leave = new AbortController();
  const a = await take("h", "a");
  void take("h", "b", leave.signal);
  void take("h", "c");
  leave.abort();
  a?.[Symbol.dispose]();
  await settled();
  assert.deepEqual(said, ["a", "b left", "c"]);
  void take("h", "d", leave.signal);
  await settled();
  assert.deepEqual(said, ["a", "b left", "c", "d left"]);
});
