import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { before, test } from "node:test";
import { HOPS_MAX } from "@antiphon/protocol";
import { Client } from "./support/client.ts";
import { TEST_DEFINITIONS } from "./support/deployment.ts";
import { onEachDeployment } from "./support/on-each-deployment.ts";
import { waitUntil } from "./support/wait-until.ts";

/** Instances that take all the time they may, at once. */
const BUSY = 12;
/** What multiplies by two ends after some thousands (decision 20), and no sooner than a small tree. */
const RUNAWAYS_MAX = 10_000;
const RUNAWAYS_MIN = 500;
/** Children of one instance, each with one of its own. */
const CHILDREN = 1_000;

await onEachDeployment("uploaded definitions", { workflows: TEST_DEFINITIONS }, (deployment) => {
  let client: Client;
  before(() => {
    client = new Client(deployment().url);
  });

  test("one that is announced to a URL comes there once, after its service was away", async () => {
    let isAway = true;
    const refused: string[] = [];
    const taken: string[] = [];
    await using index = await listen((event) => {
      (isAway ? refused : taken).push(event);
      return isAway ? 503 : 202;
    });
    const channel = "mp.messaging.outgoing.kogito-processdefinitions-events";
    const properties = [`${channel}.connector=quarkus-http`, `${channel}.url=${index.url}`].join("\n");
    await put("announced", [inject("A", {})], {}, properties);
    await waitUntil("a first attempt", () => refused[0]);
    isAway = false;
    const event = JSON.parse(await waitUntil("another attempt", () => taken[0]));
    assert.deepEqual(
      [event.type, event.kogitoprocid, event.data.id],
      ["ProcessDefinitionEvent", "announced", "announced"],
    );
    assert.equal(JSON.parse(refused[0] ?? "").id, event.id, "it is the same event");
    assert.equal(event.source, "/announced");
    await put("second", [inject("A", {})], {}, properties);
    await waitUntil("the next one", () => taken.find((one) => JSON.parse(one).kogitoprocid === "second"));
    assert.deepEqual(
      taken.map((one) => JSON.parse(one).kogitoprocid),
      ["announced", "second"],
    );
  });

  test("one that would go on for minutes is ended, while probes are answered and others do their work", async () => {
    const slow = (name: string, transition: string) => ({
      ...{ name, type: "inject", data: {}, transition },
      stateDataFilter: { output: "${ reduce range(100000) as $i (.; .n = $i) }" },
    });
    await put("busy", [slow("A", "B"), slow("B", "A")]);
    let isBusy = true;
    const starts = Promise.all(Array.from({ length: BUSY }, () => startAside("busy", {})));
    const busy = starts.finally(() => (isBusy = false));
    let probes = 0;
    for (; isBusy; probes++) {
      const statuses = await deployment().probe();
      assert.ok(
        statuses.every((status) => status === 200),
        `each process is ready: ${statuses}`,
      );
    }
    assert.ok(probes > 1, "they were probed while they were busy");
    for (const id of await busy) {
      const { status, error } = await client.ended(id);
      assert.deepEqual([status, error?.code], ["faulted", "decision-limit"]);
    }
    await client.waiting(await client.start("by-topic", { question: 1 }));
  });

  test("one that starts two of itself, one after the other, comes to an end at its root", async () => {
    const onErrors = (transition: string) => [{ errorRef: "any", transition }];
    const ask = (name: string, transition: string) => ({
      ...{ name, type: "operation", transition, onErrors: onErrors(transition) },
      actions: [
        {
          subFlowRef: "tree",
          actionDataFilter: { fromStateData: "${ {} }", results: "${ .count }", toStateData: `\${ .${name} }` },
        },
      ],
    });
    const count = { output: "${ {count: (1 + (.left // 0) + (.right // 0))} }" };
    await put("tree", [ask("left", "right"), ask("right", "sum"), inject("sum", { stateDataFilter: count })], {
      errors: [{ name: "any", code: "java.lang.Throwable" }],
    });
    const root = await startAside("tree", {});
    const { status, data } = await client.ended(root);
    const ids = await idsOf("workflow=tree&status=completed");
    assert.deepEqual({ status, data }, { status: "completed", data: { count: ids.length } });
    assert.ok(ids.length > HOPS_MAX && ids.length < RUNAWAYS_MAX, `${ids.length} of them`);
  });

  test("one whose event starts two of itself comes to an end, and what starts none is a dead letter", async () => {
    const events = [{ name: "bell", type: "echo.bell", source: "" }];
    const produced = { produceEvents: [{ eventRef: "bell" }] };
    const wait = { name: "wait", type: "event", onEvents: [{ eventRefs: ["bell"] }] };
    const next = { nextState: "end", ...produced };
    await put("echo", [{ ...wait, transition: next }, inject("end", { end: { terminate: true, ...produced } })], {
      events,
    });
    await client.event({ id: "first", source: "test", type: "echo.bell", data: {} });
    const counts = async () => {
      const [started, letters] = [await idsOf("workflow=echo"), await lettersOf("echo.bell")];
      // One that failed, as its family has said enough, said fewer than two.
      const failed = await idsOf("workflow=echo&status=faulted");
      return { started: started.length, letters, failed: failed.length };
    };
    const { started } = await waitUntil(
      "each event to start one or none",
      async () => {
        const found = await counts();
        const missing = 2 * found.started + 1 - (found.started + found.letters);
        if (missing >= 0 && missing <= 2 * found.failed) return found;
        throw new Error(JSON.stringify(found));
      },
      180_000,
    );
    assert.ok(started > RUNAWAYS_MIN && started < RUNAWAYS_MAX, `${started} of them`);
  });

  test("one that goes on as itself comes to an end", async () => {
    await put("again", [inject("only", { end: { continueAs: { workflowId: "again" } } })]);
    await startAside("again", {});
    const failed = await waitUntil(
      "the last one to fail",
      async () => (await idsOf("workflow=again&status=faulted"))[0],
    );
    const { error } = await client.ended(failed);
    assert.deepEqual([error?.code, (await idsOf("workflow=again")).length], ["too-many-hops", HOPS_MAX + 1]);
  });

  test(`one that has ${CHILDREN} children with a child each is aborted with all of them`, async () => {
    const events = [{ name: "never", type: "never.comes", source: "" }];
    const wait = { name: "wait", type: "callback", eventRef: "never", end: true };
    await put("grandchild", [wait], { events });
    await put("child", [{ name: "ask", type: "operation", actions: [{ subFlowRef: "grandchild" }], end: true }]);
    const ask = {
      subFlowRef: { workflowId: "child", invoke: "async" },
      actionDataFilter: { fromStateData: "${ {} }", useResults: false },
    };
    const each = {
      ...{ name: "each", type: "foreach", inputCollection: "${ .all }" },
      actions: [ask],
      transition: "wait",
    };
    await put("parent", [each, wait], { events });
    const parent = await startAside("parent", { all: Array.from({ length: CHILDREN }, (_, i) => i) });
    await waitUntil("all to wait", async () => {
      const { length } = await idsOf("workflow=grandchild&status=active");
      if (length === CHILDREN) return length;
      throw new Error(`${length} wait`);
    });
    const { status, body, text } = await client.send("DELETE", `/parent/${parent}`);
    const { unconfirmed = [] } = body as { unconfirmed?: readonly string[] };
    assert.equal(status, unconfirmed.length === 0 ? 200 : 202, text);
    const active = () =>
      Promise.all(["parent", "child", "grandchild"].map((name) => idsOf(`workflow=${name}&status=active`)));
    if (unconfirmed.length === 0) assert.deepEqual(await active(), [[], [], []], "an answer of 200 is for all of them");
    await waitUntil("all to have ended", async () => (await active()).flat().length === 0 || undefined);
    const aborted = await Promise.all(["child", "grandchild"].map((name) => idsOf(`workflow=${name}&status=aborted`)));
    assert.deepEqual(
      aborted.map(({ length }) => length),
      [CHILDREN, CHILDREN],
    );
  });

  async function put(id: string, states: readonly object[], more: object = {}, properties = ""): Promise<void> {
    const [first] = states as readonly { readonly name: string }[];
    const document = { id, version: "1.0", specVersion: "0.8", name: id, start: first?.name, states, ...more };
    const files = { "w.sw.json": JSON.stringify(document), "application.properties": properties };
    const { status, text } = await client.send("PUT", `/v1/definitions/${id}`, { path: "w.sw.json", files });
    assert.equal(status, 201, text);
  }

  /** Starts an instance and does not wait for it to come to a rest. */
  async function startAside(workflow: string, data: object): Promise<string> {
    const { status, body, text } = await client.send("POST", `/${workflow}`, data, { prefer: "respond-async" });
    assert.equal(status, 202, text);
    return (body as { id: string }).id;
  }

  async function idsOf(query: string): Promise<readonly string[]> {
    return (await listed(`/v1/instances?${query}`)).map(({ id }) => id);
  }

  async function lettersOf(type: string): Promise<number> {
    return (await listed(`/v1/dead-letters?type=${type}`)).length;
  }

  /** All pages of a list. */
  async function listed(path: string): Promise<readonly { readonly id: string }[]> {
    const found: { id: string }[] = [];
    for (let cursor = ""; ; ) {
      const { status, body, text } = await client.send("GET", `${path}&limit=200${cursor}`);
      assert.equal(status, 200, text);
      const { items, next } = body as { items: readonly { id: string }[]; next?: string };
      found.push(...items);
      if (next === undefined) return found;
      cursor = `&cursor=${encodeURIComponent(next)}`;
    }
  }
});

/** A state that changes no data, unless more is said. */
function inject(name: string, more: object): object {
  return { name, type: "inject", data: {}, ...("end" in more ? {} : { end: true }), ...more };
}

/** Listens for events by HTTP; `take` has the status for each. */
async function listen(take: (event: string) => number): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(async (request, response) => response.writeHead(take(await text(request))).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
