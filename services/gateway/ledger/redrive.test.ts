import assert from "node:assert/strict";
import { test } from "node:test";
import { type Json, topics } from "@antiphon/protocol";
import { LIMIT_MAX } from "../queries/paging.ts";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { viewEverything } from "../testing/view-everything.ts";
import { BY_EVENT, CALLBACK } from "../testing/workflows.ts";
import { FAILURES_TOLD_MAX } from "./redrive-job.ts";
import { bury, call, FROM, letters, PLACED, valuesOn } from "./testing/letters.ts";

async function deploy(machine: Machine, id: string, document: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const { statusCode } = await machine.app.inject({
    method: "PUT",
    url: `/v1/definitions/${id}`,
    headers,
    payload: document,
  });
  assert.equal(statusCode, 201);
}

test("an event that was for nobody starts its workflow once there is one and the letter is sent again", async () => {
  await using machine = await startMachine();
  await call(machine, "POST", "/", PLACED);
  const [letter] = await letters(machine);
  await deploy(machine, "by-event", BY_EVENT);
  const { status, body } = await call(machine, "POST", `/v1/dead-letters/${letter?.id}/redrive`);
  assert.deepEqual([status, body.id, body.result], [200, letter?.id, "started"]);
  assert.deepEqual(await letters(machine), []);
  const [closed] = await letters(machine, "state=redriven");
  const { result, times, instance } = (closed?.redriven ?? {}) as { readonly [member: string]: Json };
  assert.deepEqual({ result, times, instance }, { result: "started", times: 1, instance: body.instance });
  const event = await call(machine, "GET", "/v1/events/%2Fshop/e1");
  assert.equal(event.body.disposition, "started");
});

test("an event that is sent again in vain has one letter still, which stays open and says so", async () => {
  await using machine = await startMachine();
  await call(machine, "POST", "/", PLACED);
  const [letter] = await letters(machine);
  for (const times of [1, 2]) {
    const { body } = await call(machine, "POST", `/v1/dead-letters/${letter?.id}/redrive`);
    assert.equal(body.result, "unmatched");
    const [again, ...others] = await letters(machine);
    assert.deepEqual(
      [again?.id, (again?.redriven as { times: Json } | undefined)?.times, others],
      [letter?.id, times, []],
    );
  }
});

test("an event that was taken meanwhile is not sent again, and its letter is closed", async () => {
  await using machine = await startMachine({ workflows: [CALLBACK] });
  const answer = { specversion: "1.0", id: "a1", source: "/s", type: "wait" };
  await call(machine, "POST", "/", answer);
  const [letter] = await letters(machine);
  const started = await call(machine, "POST", "/callback", {});
  const taken = await call(machine, "POST", "/", { ...answer, kogitoprocrefid: started.body.id as string });
  assert.equal(taken.body.disposition, "resolved");
  assert.deepEqual([await letters(machine), (await letters(machine, "state=settled")).length], [[], 1]);
  const before = await valuesOn(machine, topics.commands);
  const { body } = await call(machine, "POST", `/v1/dead-letters/${letter?.id}/redrive`);
  assert.deepEqual([body.result, body.instance], ["duplicate", started.body.id]);
  assert.match(String(body.reason), /^it was resolved at /);
  assert.deepEqual(await valuesOn(machine, topics.commands), before);
  assert.equal((await letters(machine, "state=redriven")).length, 1);
});

test("whether an event was taken meanwhile is looked up in views that have all of it, and else nothing is sent", async () => {
  await using machine = await startMachine();
  await call(machine, "POST", "/", PLACED);
  const [letter] = await letters(machine);
  await deploy(machine, "by-event", BY_EVENT);
  await machine.app.inject({ method: "POST", url: "/", payload: PLACED });
  const redriven = () => machine.app.inject({ method: "POST", url: `/v1/dead-letters/${letter?.id}/redrive` });
  const behind = await redriven();
  assert.deepEqual([behind.statusCode, behind.headers["retry-after"]], [503, "1"]);
  const [caughtUp] = await Promise.all([redriven(), viewEverything(machine.ports)]);
  const { result, reason } = caughtUp.json() as { readonly [member: string]: Json };
  assert.deepEqual([result, /^it was started at /.test(String(reason))], ["duplicate", true]);
});

test("an event that came by a topic goes through again as one of that topic", async () => {
  const by = (id: string) => ({
    "w.sw.json": JSON.stringify({ ...JSON.parse(BY_EVENT), id }),
    "application.properties": [
      'mp.messaging.incoming."order.placed".connector=smallrye-kafka',
      `mp.messaging.incoming."order.placed".topic=${id}`,
    ].join("\n"),
  });
  await using machine = await startMachine({ workflows: [by("one"), by("other")] });
  const about = { atMs: 1, disposition: "unmatched", reason: "no", from: { ...FROM, topic: "one" } } as const;
  const id = await bury(machine, { ...about, event: PLACED as never });
  assert.equal((await call(machine, "POST", `/v1/dead-letters/${id}/redrive`)).body.result, "started");
  const { items } = (await call(machine, "GET", "/v1/instances")).body;
  assert.deepEqual(
    (items as readonly { workflow: string }[]).map(({ workflow }) => workflow),
    ["one"],
  );
});

test("a command that could not be decided goes back to its topic, without the place that a relay had it from, and once", async () => {
  await using machine = await startMachine({ decides: false });
  const command = { type: "AbortInstance", instance: "i1", from: FROM, reply: { gateway: "g", request: "r" } };
  const to = { topic: topics.commands, key: "i1" };
  const about = { atMs: 1, disposition: "rejected", reason: "no", from: FROM } as const;
  const id = await bury(machine, { ...about, value: JSON.stringify(command), to });
  const sent = await call(machine, "POST", `/v1/dead-letters/${id}/redrive`);
  assert.deepEqual(sent, { status: 200, body: { id, result: "sent" } });
  assert.deepEqual(await valuesOn(machine, topics.commands), [{ type: "AbortInstance", instance: "i1" }]);
  assert.equal((await call(machine, "POST", `/v1/dead-letters/${id}/redrive`)).status, 409);
  assert.deepEqual(await letters(machine), []);
});

test("neither an unreadable record of which only the beginning was kept is sent again, nor an event without its data", async () => {
  await using machine = await startMachine();
  const about = { atMs: 1, disposition: "rejected", reason: "no", from: FROM } as const;
  const event = { specversion: "1.0", id: "e1", source: "/shop", type: "t" } as const;
  for (const kept of [{ value: "{" }, { event }]) {
    const id = await bury(machine, { ...about, ...kept, isCut: true });
    const { status, body } = await call(machine, "POST", `/v1/dead-letters/${id}/redrive`);
    assert.deepEqual([status, body.title], [409, "Not redrivable"]);
  }
  assert.equal((await letters(machine)).length, 2);
});

test("nothing is sent again to the machine's own topics, but for an order that was one", async () => {
  await using machine = await startMachine({ decides: false });
  const about = { atMs: 1, disposition: "rejected", reason: "no" } as const;
  let offset = 0;
  for (const topic of [topics.replies, topics.definitions, `other.${topics.commands}`]) {
    const to = { topic, key: "i1" };
    for (const kept of [{ value: "{}" }, { event: PLACED as never, direction: "out" as const }]) {
      const id = await bury(machine, { ...about, from: { ...FROM, offset: offset++ }, ...kept, to });
      const { body } = await call(machine, "POST", `/v1/dead-letters/${id}/redrive`);
      const reason = `topic "${topic}" does not take it: it is one of Antiphon's own`;
      assert.deepEqual(body, { id, result: "rejected", reason });
    }
  }
});

test("all open letters of a filter are sent again by a job, whose progress can be asked for", async () => {
  await using machine = await startMachine();
  for (let n = 1; n <= 20; n++) await call(machine, "POST", "/", { ...PLACED, id: `e${n}` });
  await call(machine, "POST", "/", { ...PLACED, id: "other", type: "other" });
  const about = { atMs: 1, disposition: "rejected", reason: "no", from: FROM } as const;
  await bury(machine, { ...about, value: "{", isCut: true });
  await deploy(machine, "by-event", BY_EVENT);
  const placed = await finished(machine, "type=order.placed");
  assert.deepEqual([placed.status, placed.outcomes, placed.failed], ["done", { started: 20 }, 0]);
  assert.equal((await letters(machine)).length, 2);
  const rest = await finished(machine, "");
  assert.deepEqual([rest.sent, rest.outcomes, rest.failed], [1, { unmatched: 1 }, 1]);
});

async function finished(machine: Machine, filter: string): Promise<{ readonly [member: string]: Json }> {
  const started = await call(machine, "POST", `/v1/dead-letters/redrive?${filter}`);
  assert.equal(started.status, 202);
  for (;;) {
    const { body } = await call(machine, "GET", `/v1/jobs/${started.body.job}`);
    if (body.status !== "running") return body;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("a job goes through all pages of letters, and tells the first of its failures in full", async () => {
  await using machine = await startMachine();
  await machine.ports.log.ensureTopics([{ name: "out", partitions: 1, retention: "forever" }]);
  const about = { atMs: 1, disposition: "rejected", reason: "no", value: "{" } as const;
  const [good, cut] = [LIMIT_MAX + 1, FAILURES_TOLD_MAX + 1];
  for (let n = 0; n < good; n++) {
    await bury(machine, { ...about, from: { ...FROM, offset: n }, to: { topic: "out", key: null } });
  }
  for (let n = 0; n < cut; n++) await bury(machine, { ...about, from: { ...FROM, offset: good + n }, isCut: true });
  const done = await finished(machine, "");
  const told = (done.failures as readonly Json[]).length;
  assert.deepEqual([done.outcomes, done.failed, told], [{ sent: good }, cut, FAILURES_TOLD_MAX]);
  assert.equal((await machine.ports.log.bounds("out", 0)).end, good);
});

test("a letter of which nobody tells in time what became of it has been sent", async () => {
  await using machine = await startMachine({ workflows: [BY_EVENT], decides: false, config: { replyTimeoutMs: 100 } });
  const about = { atMs: 1, disposition: "unmatched", reason: "no", from: FROM } as const;
  const id = await bury(machine, { ...about, event: PLACED as never });
  const { status, body } = await call(machine, "POST", `/v1/dead-letters/${id}/redrive`);
  assert.deepEqual([status, body.result], [200, "sent"]);
});

test("a letter that was put aside twice is redriven once the newer one was sent", async () => {
  await using machine = await startMachine();
  await machine.ports.log.ensureTopics([{ name: "out", partitions: 1, retention: "forever" }]);
  const about = { disposition: "rejected", reason: "no", direction: "out", event: PLACED as never } as const;
  const letter = { ...about, from: FROM, to: { topic: "out", key: null } };
  await bury(machine, { ...letter, atMs: 1 });
  const id = await bury(machine, { ...letter, atMs: 2 });
  await call(machine, "POST", `/v1/dead-letters/${id}/redrive`);
  assert.deepEqual(await letters(machine), []);
});

test("a job that is not there, and a filter that is none, are answered with what was expected", async () => {
  await using machine = await startMachine();
  const job = await call(machine, "GET", "/v1/jobs/none");
  assert.deepEqual([job.status, job.body.title], [404, "No such job"]);
  const filter = await call(machine, "POST", "/v1/dead-letters/redrive?state=open");
  assert.deepEqual([filter.status, filter.body.parameter], [400, "state"]);
});

test("a filter that stands in a body, where nobody reads it, is refused, and nothing is sent", async () => {
  await using machine = await startMachine();
  await call(machine, "POST", "/", PLACED);
  const filter = await call(machine, "POST", "/v1/dead-letters/redrive", { type: "other" });
  assert.deepEqual(
    [filter.status, filter.body.detail],
    [400, "the body: expected none, the filter stands in the query; found 16 bytes"],
  );
  const [letter] = await letters(machine);
  assert.equal(letter?.redriven, undefined);
});
