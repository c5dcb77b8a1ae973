import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLog, partitionOf } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import { formatJson, type Json, type Reply, topicLayout, topics } from "@antiphon/protocol";
import { PENDING_MAX, Requests } from "./requests.ts";

const PARTITIONS = 2;

async function opened(timeoutMs = 1_000) {
  const log = memoryLog({ now: () => 0 });
  await log.ensureTopics(topicLayout(PARTITIONS));
  const clock = new FakeClock(0);
  const logger = { info() {}, warn() {}, error() {} };
  const ports = { log, clock, logger, partitions: PARTITIONS };
  const answer = async (gateway: string, reply: Reply): Promise<void> => {
    const partition = partitionOf("g1", PARTITIONS);
    await log.publish([
      { topic: topics.replies, partition, key: gateway, value: formatJson(reply as unknown as Json) },
    ]);
  };
  await answer("g1", { request: "1", type: "RequestRejected", reason: "from before it opened" });
  return { log, clock, answer, requests: await Requests.open(ports, "g1", timeoutMs) };
}

test("each request gets the reply that is for it, in whatever order they come", async () => {
  const { requests, answer } = await opened();
  await using _ = requests;
  const [one, two] = [requests.expect(), requests.expect()];
  assert.deepEqual(
    [one.to, two.to],
    [
      { gateway: "g1", request: "1" },
      { gateway: "g1", request: "2" },
    ],
  );
  await answer("g2", { request: "1", type: "RequestRejected", reason: "another gateway's" });
  await answer("g1", { request: "2", type: "RequestRejected", reason: "b" });
  await answer("g1", { request: "9", type: "RequestRejected", reason: "nobody's" });
  await answer("g1", { request: "1", type: "RequestRejected", reason: "a" });
  assert.deepEqual(await Promise.all([one.outcome, two.outcome]), [
    { request: "1", type: "RequestRejected", reason: "a" },
    { request: "2", type: "RequestRejected", reason: "b" },
  ]);
});

test("a request that gets no reply in time is late, and no other is", async () => {
  const { requests, clock, answer } = await opened(1_000);
  await using _ = requests;
  clock.turn(500);
  const first = requests.expect();
  clock.turn(500);
  const second = requests.expect();
  await new Promise((resolve) => setImmediate(resolve));
  clock.turn(500);
  assert.equal(await first.outcome, "late");
  await answer("g1", { request: second.to.request, type: "RequestRejected", reason: "in time" });
  assert.deepEqual(await second.outcome, { request: "2", type: "RequestRejected", reason: "in time" });
});

test("a clock that is set back by a day, or forward, changes nothing about how long a reply is waited for", async () => {
  for (const jumpMs of [-86_400_000, 86_400_000]) {
    const { requests, clock } = await opened(1_000);
    await using _ = requests;
    let outcome: unknown = "none yet";
    void requests.expect().outcome.then((came) => (outcome = came));
    const jumping = clock.now.bind(clock);
    clock.now = () => jumping() + jumpMs;
    for (const expected of ["none yet", "late"]) {
      clock.turn(500);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(outcome, expected);
    }
  }
});

test("too many requests at a time are turned away, until one is forgotten", async () => {
  const { requests } = await opened();
  await using _ = requests;
  const all = Array.from({ length: PENDING_MAX }, () => requests.expect());
  assert.throws(() => requests.expect(), { status: 503, headers: { "retry-after": "1" } });
  for (const one of all.slice(0, 1)) requests.forget(one);
  assert.equal(requests.expect().to.request, (PENDING_MAX + 1).toString(36));
});

test("who waits when the gateway stops is told so, and nobody can begin to wait", async () => {
  const { requests } = await opened();
  const { outcome } = requests.expect();
  await requests[Symbol.asyncDispose]();
  assert.equal(await outcome, "stopping");
  assert.throws(() => requests.expect(), { status: 503 });
});
