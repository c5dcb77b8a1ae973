import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { AskedService } from "./support/asked-service.ts";
import { type Answer, Client } from "./support/client.ts";
import { TEST_DEFINITIONS } from "./support/deployment.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";

const MEBIBYTE = 1_048_576;
/** Three times as much does not fit into a record. */
const LARGE = 1_000_000;

const service = await AskedService.listen();
after(() => service[Symbol.asyncDispose]());

await onEachDeployment("refused requests", { workflows: TEST_DEFINITIONS, env: service.env }, (deployment) => {
  let client: Client;
  before(() => {
    client = new Client(deployment().url);
  });

  test("an unknown workflow is answered with those that there are, and the one that was perhaps meant", async () => {
    assert.deepEqual(problem(await client.send("POST", "/by-topick", {})), {
      status: 404,
      type: "urn:antiphon:problem:no-such-workflow",
      detail:
        'workflow: expected one of by-key, by-topic, by-url, deadline, early, undo, found "by-topick"; did you mean "by-topic"?',
    });
  });

  test("a body that is no JSON is answered with the place where it stops being it", async () => {
    const { status, type, detail } = problem(await client.send("POST", "/by-topic", '{\n  "question": 1,,\n}'));
    assert.deepEqual({ status, type }, { status: 400, type: "urn:antiphon:problem:invalid-json" });
    assert.match(detail, /^the body: expected JSON, found an error at line 2, column 17: /);
  });

  test("a body that is JSON, but no object, is refused", async () => {
    assert.deepEqual(problem(await client.send("POST", "/by-topic", "[1]")), {
      status: 400,
      type: "urn:antiphon:problem:unusable-body",
      detail: "the body: expected an object, found an array",
    });
  });

  test("a body over 1 MiB is refused, and one of exactly that is taken", async () => {
    const around = '{"question":""}';
    const body = (bytes: number): string => JSON.stringify({ question: "x".repeat(bytes - around.length) });
    assert.deepEqual(problem(await client.send("POST", "/by-topic", body(MEBIBYTE + 1))), {
      status: 413,
      type: "urn:antiphon:problem:too-large",
      detail: `the body: expected at most ${MEBIBYTE} bytes, found ${MEBIBYTE + 1}`,
    });
    assert.equal((await client.send("POST", "/by-topic", body(MEBIBYTE))).status, 201);
  });

  test("an answer that makes an instance's step too large to record is rejected, and the instance faults", async () => {
    const id = await client.start("by-topic", { question: "x".repeat(LARGE) });
    await client.waiting(id);
    const event = { id: randomUUID(), source: "test", type: "by-topic.answered", kogitoprocrefid: id };
    const { disposition, reason } = await client.event({ ...event, data: "y".repeat(LARGE) });
    assert.equal(disposition, "rejected");
    assert.match(`${reason}`, /^the decision has (?:\d+ bytes|more than \d+ bytes), expected /);
    const { status, error } = await client.ended(id);
    assert.deepEqual([status, error?.code, error?.message], ["faulted", "too-large", reason]);
    await client.disposition("test", event.id, "rejected");
  });

  test("what is no CloudEvent is refused, with the attribute at fault", async () => {
    const event = { specversion: "1.0", id: "1", source: "test", type: "by-topic.answered" };
    const refused = async (body: unknown, headers = {}): Promise<string> => {
      const { status, type, detail } = problem(await client.send("POST", "/", body, headers));
      assert.deepEqual([status, type], [400, "urn:antiphon:problem:no-cloud-event"]);
      return detail;
    };
    assert.equal(await refused({}), 'attribute "specversion": expected "1.0" or "0.3", found nothing');
    assert.equal(await refused([event]), "the body: expected an object, found an array");
    assert.equal(await refused(undefined), "the body: expected a CloudEvent, found nothing");
    assert.equal(
      await refused({ ...event, id: undefined }),
      'attribute "id": expected a non-empty text, found nothing',
    );
    assert.equal(await refused({ ...event, type: 7 }), 'attribute "type": expected a non-empty text, found a number');
    assert.equal(
      await refused({ ...event, orderId: "7" }),
      'attribute "orderId": expected a name of lower-case letters and digits, found "orderId"',
    );
    assert.equal(
      await refused("{}", { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "test" }),
      'attribute "type": expected a non-empty text, found nothing',
    );
  });

  test("data nested too deeply, and text that is not well-formed, is refused with its place, and the wait takes the next event", async () => {
    const orderid = randomUUID();
    const id = await client.start("by-key", { orderid, question: 1 });
    await client.waiting(id);
    const event = { specversion: "1.0", source: "test", type: "by-key.answered", orderid };
    const refused = async (more: object): Promise<string> => {
      const { status, detail } = problem(await client.send("POST", "/", { ...event, id: randomUUID(), ...more }));
      assert.equal(status, 400);
      return detail;
    };
    const nested = (levels: number): unknown => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);
    const levels = 'attribute "data": expected at most 400 levels of nesting, found more';
    for (const data of [nested(401), nested(450)]) assert.equal(await refused({ data }), levels);
    const text = 'expected well-formed text, found the lone surrogate "\\ud800"';
    assert.equal(await refused({ id: "a\ud800" }), `attribute "id": ${text}`);
    assert.equal(await refused({ orderid: "\ud800" }), `attribute "orderid": ${text}`);
    assert.equal(await refused({ data: { a: ["\ud800"] } }), `attribute "data/a/0": ${text}`);
    const start = problem(await client.send("POST", "/by-key", { orderid, question: "\ud800" }));
    assert.deepEqual([start.status, start.detail], [400, `the body, /question: ${text}`]);
    await client.event({ id: randomUUID(), source: "test", type: event.type, orderid, data: nested(400) });
    assert.equal((await client.ended(id)).status, "completed");
  });

  test("an event that nobody consumes is unmatched, and says which types are", async () => {
    const event = { id: randomUUID(), source: "test", type: "nobody.asked" };
    const { disposition, reason } = await client.event(event);
    assert.equal(disposition, "unmatched");
    assert.match(`${reason}`, /nobody\.asked/);
  });

  test("a callback token that was altered by one character is unknown, and its wait stays open", async () => {
    const id = await client.start("by-url", { question: 1 });
    const [asked] = await service.askedBy(new Set([id]));
    const path = new URL(`${asked?.answerTo}`).pathname;
    for (const place of [path.indexOf("/", 1) + 1, Math.floor(path.length / 2), path.length - 1]) {
      const other = path[place] === "A" ? "B" : "A";
      const altered = `${path.slice(0, place)}${other}${path.slice(place + 1)}`;
      assert.deepEqual(problem(await client.send("POST", altered, {})), {
        status: 404,
        type: "urn:antiphon:problem:no-such-callback",
        detail: "expected a callback's token as it was given out, found another text",
      });
    }
    assert.equal((await client.instance(id)).status, "active");
    const { status, type } = problem(await client.send("POST", path, "7"));
    assert.deepEqual([status, type], [422, "urn:antiphon:problem:answer-not-allowed"]);
    assert.equal((await client.send("POST", path, { square: 1 })).status, 202);
    assert.deepEqual((await client.ended(id)).data, { question: 1, answer: { square: 1 } });
  });

  test("an instance that is not there is told, on the workflow's route and on ours", async () => {
    const id = randomUUID();
    assert.deepEqual(problem(await client.send("GET", `/by-topic/${id}`)), {
      status: 404,
      type: "urn:antiphon:problem:no-such-instance",
      detail: `workflow by-topic has no instance "${id}"`,
    });
    assert.deepEqual(problem(await client.send("GET", `/v1/instances/${id}`)), {
      status: 404,
      type: "urn:antiphon:problem:no-such-instance",
      detail: `instance: expected the id of an instance that was started, found "${id}"`,
    });
  });

  test("requests that were refused have left nothing behind", async () => {
    const { body } = await client.send("GET", "/v1/instances?workflow=by-topic");
    const { items } = body as { items: readonly { status: string }[] };
    assert.deepEqual(
      items.map(({ status }) => status),
      ["faulted", "active"],
      "the one whose answer was too large, and before it the one that was just small enough",
    );
  });
});

/** What a refusal says, in the members that every problem has; SonataFlow's clients find the detail as `message`. */
function problem({ status, headers, body }: Answer): { status: number; type: string; detail: string } {
  assert.equal(headers.get("content-type"), "application/problem+json; charset=utf-8");
  const { type, detail, status: again } = body as { type: string; detail: string; status: number };
  assert.equal(again, status);
  return { status, type, detail };
}
