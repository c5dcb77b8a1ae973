import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenApiOperation, OpenApiSecurity } from "@antiphon/definition";
import type { Json } from "@antiphon/protocol";
import { operation, parameter } from "./testing/requests.ts";
import { type Received, startService } from "./testing/service.ts";
import { definitionOf, requested, World } from "./testing/world.ts";

/** The request of an operation as its service gets it. */
async function received(
  more: Partial<OpenApiOperation>,
  args: Json,
  properties: Readonly<Record<string, string>> = {},
): Promise<Received> {
  await using service = await startService(() => ({}));
  const configured = { "quarkus.rest-client.shop_yaml.url": `${service.url}/api`, ...properties };
  const world = await new World(definitionOf({ call: operation(more) }, configured)).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call", args));
  await world.resultsOf(1);
  const [first] = service.received;
  if (first === undefined) throw new Error("expected a request");
  return first;
}

test("an operation of an OpenAPI document is called where its configuration says", async () => {
  const body = { mediaType: "application/json" };
  const place = { method: "PUT", path: "/orders/{id}", parameters: [parameter("id", "path")], body };
  const found = await received(place, { id: "a/b", callbackUrl: "http://here/callbacks/t" });
  assert.deepEqual(
    [found.method, found.url, found.body],
    ["PUT", "/api/orders/a%2Fb", '{"callbackUrl":"http://here/callbacks/t"}'],
  );
});

test("a form and a body of several parts are read by a service as they were meant", async () => {
  const value = { name: 'Ada "A" & Zoë', tags: ["a", "b"], at: { x: 1 }, file: { text: "hello", fileName: "h.txt" } };
  const parts = { file: { binary: true, contentType: "text/plain" } } as const;
  const several = await received({ body: { mediaType: "multipart/form-data", parts } }, value);
  const read = await formOf(several);
  const file = read.get("file");
  assert.ok(file instanceof File);
  assert.deepEqual([file.name, file.type, await file.text()], ["h.txt", "text/plain", "hello"]);
  assert.deepEqual([read.get("name"), read.getAll("tags"), read.get("at")], [value.name, ["a", "b"], '{"x":1}']);

  const { file: _, ...members } = value;
  const form = await formOf(await received({ body: { mediaType: "application/x-www-form-urlencoded" } }, members));
  assert.deepEqual([form.get("name"), form.getAll("tags"), form.get("at")], [value.name, ["a", "b"], '{"x":1}']);
});

function formOf({ headers, body }: Received): Promise<FormData> {
  return new Response(body, { headers: { "content-type": headers["content-type"] ?? "" } }).formData();
}

test("what says who asks goes where each scheme has it, beside what the workflow sends", async () => {
  const way: readonly OpenApiSecurity[] = [
    { name: "user", scheme: { type: "basic" }, scopes: [] },
    { name: "header", scheme: { type: "apiKey", in: "header", parameter: "X-Key" }, scopes: [] },
    { name: "query", scheme: { type: "apiKey", in: "query", parameter: "key" }, scopes: [] },
    { name: "cookie", scheme: { type: "apiKey", in: "cookie", parameter: "key" }, scopes: [] },
  ];
  const auth = "quarkus.openapi-generator.shop_yaml.auth";
  const properties = {
    [`${auth}.user.username`]: "ada",
    [`${auth}.user.password`]: "p",
    [`${auth}.header.api-key`]: "h",
    [`${auth}.query.api-key`]: "q&",
    [`${auth}.cookie.api-key`]: "c",
  };
  const parameters = [parameter("n", "query"), parameter("c", "cookie")];
  const found = await received({ method: "GET", security: [way], parameters }, { n: 1, c: 2 }, properties);
  const { authorization, "x-key": key, cookie } = found.headers;
  assert.deepEqual(
    [found.url, authorization, key, cookie],
    ["/api/orders?n=1&key=q%26", "Basic YWRhOnA=", "h", "c=2; key=c"],
  );
});

test("a header that the workflow sends itself is not replaced", async () => {
  const security = [[{ name: "holder", scheme: { type: "bearer" }, scopes: [] } as const]];
  const properties = { "quarkus.openapi-generator.shop_yaml.auth.holder.bearer-token": "configured" };
  const parameters = [parameter("Authorization", "header")];
  const sent = (args: Json) => received({ method: "GET", security, parameters }, args, properties);
  assert.equal((await sent({})).headers.authorization, "Bearer configured");
  assert.equal((await sent({ Authorization: "Bearer own" })).headers.authorization, "Bearer own");
});
