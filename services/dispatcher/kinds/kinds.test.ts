import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { FunctionDefinition } from "@antiphon/definition";
import type { ActionOutcome, Json } from "@antiphon/protocol";
import { type Answer, type Received, startService } from "../testing/service.ts";
import { definitionOf, requested, World } from "../testing/world.ts";

const base = { name: "f", metadata: {} };

/** What comes of an action, through the whole dispatcher, with a service that answers so; and what the service got. */
async function perform(
  functionAt: (url: string) => FunctionDefinition,
  {
    args = {},
    selectionSet,
    answer = {},
    properties = () => ({}),
  }: {
    args?: Json;
    selectionSet?: string;
    answer?: Answer;
    properties?: (url: string) => Readonly<Record<string, string>>;
  },
): Promise<{ readonly outcome: ActionOutcome | undefined; readonly received: readonly Received[] }> {
  await using service = await startService(() => ({ headers: { "content-type": "application/json" }, ...answer }));
  const definition = definitionOf({ f: functionAt(service.url) }, properties(service.url));
  const world = await new World(definition).open();
  await using _ = await world.start();
  await world.happen("i", { ...requested("1.ask", "f", args), ...(selectionSet !== undefined && { selectionSet }) });
  const results = await world.resultsOf(1);
  return { outcome: results["i:1.ask"], received: service.received };
}

const outputOf = (outcome: ActionOutcome | undefined) => (outcome?.status === "completed" ? outcome.output : outcome);

test("a GraphQL function posts its document, and the field's value is the action's result", async () => {
  const { outcome, received } = await perform(
    (url) => ({ ...base, kind: "graphql", url: `${url}/graphql`, operation: "query", field: "pet" }),
    { args: { id: 7 }, selectionSet: "{ name }", answer: { body: '{"data":{"pet":{"name":"Rex"}}}' } },
  );
  assert.deepEqual(outputOf(outcome), { name: "Rex" });
  const [request] = received;
  assert.deepEqual([request?.method, request?.url], ["POST", "/graphql"]);
  assert.deepEqual(JSON.parse(request?.body ?? ""), {
    operationName: "pet",
    query: "query pet {\n  pet(id: 7) {\n    name\n  }\n}",
  });
  assert.equal(request?.headers["idempotency-key"], "i:1.ask");
});

test("an OData function gets its entities", async () => {
  const { outcome, received } = await perform(
    (url) => ({ ...base, kind: "odata", url: `${url}/v4`, entitySet: "People" }),
    {
      args: { queryOptions: { filter: "Age gt 18", top: 2 } },
      answer: { body: '{"@odata.context":"x","value":[{"Name":"Ada"}]}' },
    },
  );
  assert.deepEqual(outputOf(outcome), [{ Name: "Ada" }]);
  assert.deepEqual([received[0]?.method, received[0]?.url], ["GET", "/v4/People?$filter=Age%20gt%2018&$top=2"]);
});

test("a Knative service gets a CloudEvent where the function says so", async () => {
  const { outcome, received } = await perform(
    () => ({ ...base, kind: "knative", service: "prices", path: "/quote", method: "POST", asCloudEvent: true }),
    {
      args: { specversion: "1.0", source: "/shop", type: "quote", data: { sku: 1 } },
      answer: { body: '{"price":5}' },
      properties: (url) => ({ "antiphon.knative.prices.url": url }),
    },
  );
  assert.deepEqual(outputOf(outcome), { price: 5 });
  assert.equal(received[0]?.headers["content-type"], "application/cloudevents+json; charset=UTF-8");
  assert.deepEqual(JSON.parse(received[0]?.body ?? ""), {
    id: "i_1.ask",
    specversion: "1.0",
    source: "/shop",
    type: "quote",
    data: { sku: 1 },
  });
});

test("a function of the author's own runs in the dispatcher, from its folder of resources", async () => {
  const workflows = await mkdtemp(join(tmpdir(), "antiphon-functions-"));
  try {
    await mkdir(join(workflows, "functions"));
    const text =
      "export const quote = async ({ n }: { n: number }, { instanceId }: any) => ({ n: n + 1, instanceId });";
    await writeFile(join(workflows, "functions/price.ts"), text);
    const called: FunctionDefinition = { ...base, kind: "module", module: "functions/price.ts", exported: "quote" };
    const world = await new World(definitionOf({ f: called })).open();
    await using _ = await world.start({ workflows });
    await world.happen("i", requested("1.ask", "f", { n: 1 }));
    assert.deepEqual(await world.resultsOf(1), {
      "i:1.ask": { status: "completed", output: { n: 2, instanceId: "i" } },
    });
  } finally {
    await rm(workflows, { recursive: true });
  }
});

test("a gRPC service that does not answer is a failure like any other", async () => {
  const schema = { nested: { M: { fields: {} }, S: { methods: { Get: { requestType: "M", responseType: "M" } } } } };
  const called: FunctionDefinition = {
    ...base,
    kind: "rpc",
    service: "S",
    method: "Get",
    request: "M",
    response: "M",
    requestStream: false,
    responseStream: false,
    protocol: schema,
  };
  const { outcome } = await perform(() => called, {
    properties: () => ({ "quarkus.grpc.clients.S.host": "127.0.0.1", "quarkus.grpc.clients.S.port": "1" }),
  });
  assert.equal(outcome?.status === "failed" && outcome.error.code, "UNAVAILABLE");
});
