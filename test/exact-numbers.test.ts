import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Client } from "./support/client.ts";
import { type Deployment, TEST_DEFINITIONS } from "./support/deployment.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";
import { WAIT_MS_MAX } from "./support/wait-until.ts";

/** Numbers that a double would change: all bits of 64, a zero at the end, forty digits, an exponent, a negative zero. */
const DIGITS = {
  id: "9223372036854775807",
  price: "68.0",
  long: "1234567890123456789012345678901234567890",
  exponent: "1.50E+3",
  zero: "-0",
  list: ["0.1000", "18446744073709551615"],
};
const QUESTION = JSON.stringify(DIGITS).replaceAll(/"(-?\d[^"]*)"/g, "$1");

await onEachDeployment("exact numbers", { workflows: TEST_DEFINITIONS }, (deployment) => {
  test("numbers keep their digits from the start to the end, in data, events and history", async () => {
    const client = new Client(deployment().url);
    const asked = firstEvent(deployment(), "by-topic.asked");
    const started = await client.send("POST", "/by-topic", `{"question":${QUESTION}}`);
    const { id, workflowdata } = exactly(started.text) as { id: string; workflowdata: unknown };
    assert.deepEqual(workflowdata, { question: DIGITS });
    assert.deepEqual((exactly(await asked) as { data: unknown }).data, { question: DIGITS });

    await client.waiting(id);
    const active = await client.send("GET", `/by-topic/${id}`);
    assert.deepEqual(exactly(active.text), { id, workflowdata: { question: DIGITS } });

    const attributes = {
      specversion: "1.0",
      id: randomUUID(),
      source: "test",
      type: "by-topic.answered",
      kogitoprocrefid: id,
    };
    const answer = `${JSON.stringify(attributes).slice(0, -1)},"data":${QUESTION}}`;
    assert.equal((await client.send("POST", "/", answer)).status, 202);
    await client.ended(id);
    const ended = exactly((await client.send("GET", `/v1/instances/${id}`)).text) as { data: unknown };
    assert.deepEqual(ended.data, { question: DIGITS, answer: DIGITS });

    const history = exactly((await client.send("GET", `/v1/instances/${id}/history`)).text) as {
      items: { events: { type: string; data?: unknown; event?: { data: unknown } }[] }[];
    };
    const events = history.items.flatMap((decision) => decision.events);
    assert.deepEqual(events.find(({ type }) => type === "InstanceStarted")?.data, { question: DIGITS });
    assert.deepEqual(events.find(({ type }) => type === "EventReceived")?.event?.data, DIGITS);
    assert.deepEqual(events.find(({ type }) => type === "DataChanged")?.data, { question: DIGITS, answer: DIGITS });
  });

  test("numbers keep their digits when data are replaced and merged", async () => {
    const client = new Client(deployment().url);
    const id = await client.start("by-topic", { question: 1 });
    await client.waiting(id);
    const replaced = await client.send("PUT", `/by-topic/${id}`, `{"question":${QUESTION}}`);
    assert.deepEqual(exactly(replaced.text), { id, workflowdata: { question: DIGITS } });
    const merged = await client.send("PATCH", `/by-topic/${id}`, `{"more":${QUESTION}}`);
    assert.deepEqual(exactly(merged.text), { id, workflowdata: { question: DIGITS, more: DIGITS } });
  });
});

/** A JSON text with every number as the text of its digits. */
function exactly(text: string): unknown {
  return JSON.parse(text, function keep(_name: string, value: unknown, context?: { source?: string }): unknown {
    return typeof value === "number" ? context?.source : value;
  });
}

/** The text of the next event on a topic. */
async function firstEvent({ url }: Deployment, topic: string): Promise<string> {
  const response = await fetch(`${url}/v1/topics/${topic}`, { signal: AbortSignal.timeout(WAIT_MS_MAX) });
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const event = /^data: (.*)$/m.exec(text)?.[1];
    if (event !== undefined) return event;
  }
  throw new Error(`${topic}: expected an event, found ${response.status} ${text}`);
}
