import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { AskedService, answerData, answerId } from "./support/asked-service.ts";
import { Client } from "./support/client.ts";
import { TEST_DEFINITIONS } from "./support/deployment.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";
import { waitUntil } from "./support/wait-until.ts";

const service = await AskedService.listen();
after(() => service[Symbol.asyncDispose]());

await onEachDeployment("answers", { workflows: TEST_DEFINITIONS, env: service.env }, (deployment) => {
  let client: Client;
  before(async () => {
    client = new Client(deployment().url);
    await service.follow(deployment());
  });
  after(() => service.unfollow());

  const question = async (id: string) => {
    const [asked] = await service.askedBy(new Set([id]));
    if (asked === undefined) throw new Error(`expected a question of ${id}, found none`);
    return asked;
  };

  test("answers that come before anybody waits for them are kept until somebody does", async () => {
    const orderid = randomUUID();
    const id = await client.start("early", { orderid });
    const named = { id: randomUUID(), source: "test", type: "early.named", kogitoprocrefid: id, data: { n: 1 } };
    const keyed = { id: randomUUID(), source: "test", type: "early.keyed", orderid, data: { n: 2 } };
    assert.deepEqual(
      [(await client.event(named)).disposition, (await client.event(keyed)).disposition],
      ["buffered", "buffered"],
    );
    const { status, data } = await client.ended(id);
    assert.deepEqual({ status, data }, { status: "completed", data: { orderid, named: { n: 1 }, keyed: { n: 2 } } });
    await client.disposition("test", named.id, "resolved");
    await client.disposition("test", keyed.id, "resolved");
  });

  test("an answer that names an instance which has not started yet is kept for it", async () => {
    const stranger = randomUUID();
    const event = { id: randomUUID(), source: "test", type: "by-topic.answered", kogitoprocrefid: stranger };
    const fate = await client.event(event);
    assert.deepEqual(fate, { source: "test", id: event.id, disposition: "buffered", instance: stranger });
  });

  test("the same answer twice counts once", async () => {
    const id = await client.start("by-topic", { question: 3 });
    await client.waiting(id);
    const event = { id: randomUUID(), source: "test", type: "by-topic.answered", kogitoprocrefid: id, data: 9 };
    assert.deepEqual(await client.event(event), {
      source: "test",
      id: event.id,
      disposition: "resolved",
      instance: id,
    });
    assert.equal((await client.event(event)).disposition, "duplicate");
    assert.deepEqual((await client.ended(id)).data, { question: 3, answer: 9 });
    assert.equal((await client.history(id)).filter(({ type }) => type === "EventReceived").length, 1);
    await client.disposition("test", event.id, "resolved");
  });

  test("a callback that has been answered says so to whoever answers it again", async () => {
    const id = await client.start("by-url", { question: 5 });
    const asked = await question(id);
    const path = new URL(asked.answerTo).pathname;
    const first = await client.send("POST", path, { square: 25 });
    assert.equal(first.status, 202);
    assert.deepEqual((await client.ended(id)).data, { question: 5, answer: { square: 25 } });
    const again = await client.send("POST", path, { square: 26 });
    assert.deepEqual(
      [again.status, again.headers.get("content-type")],
      [409, "application/problem+json; charset=utf-8"],
    );
    assert.deepEqual((await client.instance(id)).data, { question: 5, answer: { square: 25 } });
  });

  test("an answer after the end is a dead letter that says why", async () => {
    const id = await client.start("by-topic", { question: 4 });
    await client.waiting(id);
    await service.answer(await question(id));
    await client.ended(id);
    const late = { id: randomUUID(), source: "test", type: "by-topic.answered", kogitoprocrefid: id, data: {} };
    const fate = await client.event(late);
    assert.deepEqual(fate, {
      source: "test",
      id: late.id,
      disposition: "unmatched",
      instance: id,
      reason: "late: the instance is completed",
    });
    const letter = await waitUntil("a dead letter", async () => {
      const { body } = await client.send("GET", `/v1/dead-letters?instance=${id}`);
      return (body as { items: readonly { disposition: string; reason: string; event: object }[] }).items[0];
    });
    assert.deepEqual(
      { disposition: letter.disposition, reason: letter.reason, event: letter.event },
      { disposition: "unmatched", reason: fate.reason, event: { source: "test", id: late.id, type: late.type } },
    );
  });

  test("an answer reaches the instance that it names, and no other that waits for the same", async () => {
    const [one, other] = [
      await client.start("by-topic", { question: 6 }),
      await client.start("by-topic", { question: 7 }),
    ];
    await client.waiting(one);
    await client.waiting(other);
    await service.answer(await question(other));
    assert.deepEqual((await client.ended(other)).data, { question: 7, answer: { square: 49 } });
    assert.equal((await client.instance(one)).status, "active");
    await service.answer(await question(one));
    assert.deepEqual((await client.ended(one)).data, { question: 6, answer: { square: 36 } });
  });

  test("an answer whose key is another than that of the instance it names is refused", async () => {
    const id = await client.start("by-key", { question: 8, orderid: "mine" });
    await client.waiting(id);
    const event = { id: randomUUID(), source: "test", type: "by-key.answered", kogitoprocrefid: id, orderid: "yours" };
    const { disposition, reason } = await client.event(event);
    assert.deepEqual([disposition, /expected "mine", found "yours"/.test(`${reason}`)], ["unmatched", true]);
    assert.equal((await client.instance(id)).status, "active");
    await service.answer(await question(id));
    assert.equal((await client.ended(id)).status, "completed");
  });

  test("instances that wait under different keys are answered in any order", async () => {
    const data = [2, 3, 4].map((n) => ({ question: n, orderid: randomUUID() }));
    const ids = await Promise.all(data.map((one) => client.start("by-key", one)));
    for (const id of ids.toReversed()) await service.answer(await question(id));
    const ended = await Promise.all(ids.map((id) => client.ended(id)));
    assert.deepEqual(
      ended.map((instance) => instance.data),
      data.map((one) => ({ ...one, answer: answerData(one) })),
    );
    for (const id of ids) await client.disposition("asked", answerId(await question(id)), "resolved");
  });

  test("a deadline that passes ends the wait, and an answer by key that comes later finds nobody", async () => {
    const orderid = randomUUID();
    const id = await client.start("deadline", { orderid });
    const { status, data } = await client.ended(id);
    assert.deepEqual({ status, data }, { status: "completed", data: { orderid, late: true } });
    const named = { id: randomUUID(), source: "test", type: "deadline.answered", kogitoprocrefid: id };
    assert.equal((await client.event(named)).disposition, "unmatched");
    // By its key it may be for an instance that waits later.
    const keyed = { id: randomUUID(), source: "test", type: "deadline.answered", orderid };
    assert.equal((await client.event(keyed)).disposition, "buffered");
  });

  test("an answer in time is taken, and its deadline does nothing any more", async () => {
    const orderid = randomUUID();
    const event = { id: randomUUID(), source: "test", type: "deadline.answered", orderid, data: {} };
    await client.event(event);
    const id = await client.start("deadline", { orderid });
    assert.deepEqual((await client.ended(id)).data, { orderid, late: false });
  });
});
