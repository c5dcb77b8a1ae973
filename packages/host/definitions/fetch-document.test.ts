import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { topicLayout } from "@antiphon/protocol";
import { RESOURCE_BYTES_MAX } from "../read-resources.ts";
import { systemClock } from "../system-clock.ts";
import { fetchDocument } from "./fetch-document.ts";
import { deploy, followDefinitions } from "./index.ts";

async function serving(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await close();
    },
  };
}

test("a document is fetched as text, by whoever the credentials say", async () => {
  await using server = await serving((request, response) =>
    response.end(`ä ${request.headers.authorization ?? "nobody"}`),
  );
  const url = `${server.url}/api.yaml`;
  assert.deepEqual(await fetchDocument({ url }), { text: "ä nobody" });
  assert.deepEqual(await fetchDocument({ url, credentials: { scheme: "bearer", token: "t" } }), { text: "ä Bearer t" });
  assert.deepEqual(await fetchDocument({ url, credentials: { scheme: "basic", username: "me", password: "ü" } }), {
    text: `ä Basic ${Buffer.from("me:ü").toString("base64")}`,
  });
});

test("why a document cannot be had is told", async () => {
  await using server = await serving((request, response) => {
    if (request.url === "/large") response.end(Buffer.alloc(RESOURCE_BYTES_MAX + 1, " "));
    else if (request.url === "/most") response.end(Buffer.alloc(RESOURCE_BYTES_MAX, " "));
    else if (request.url === "/picture") response.end(Uint8Array.of(0x89, 0x50, 0xff));
    else if (request.url === "/cut")
      response.writeHead(200, { "content-length": "9" }).end("a", () => response.destroy());
    else response.writeHead(404).end("no such thing");
  });
  assert.deepEqual(await fetchDocument({ url: `${server.url}/nothing` }), { reason: "it answers 404" });
  assert.deepEqual(await fetchDocument({ url: `${server.url}/large` }), {
    reason: `it is longer than ${RESOURCE_BYTES_MAX} bytes`,
  });
  const most = await fetchDocument({ url: `${server.url}/most` });
  assert.equal("text" in most && most.text.length, RESOURCE_BYTES_MAX);
  assert.deepEqual(await fetchDocument({ url: `${server.url}/picture` }), { reason: "it is no text in UTF-8" });
  assert.equal("reason" in (await fetchDocument({ url: `${server.url}/cut` })), true);
  const refused = await fetchDocument({ url: "http://127.0.0.1:1/a" });
  assert.match("reason" in refused ? refused.reason : "", /ECONNREFUSED|bad port/);
  assert.equal("reason" in (await fetchDocument({ url: "http://" })), true);
});

test("a document that was fetched for a deployment is part of it, so that its hash pins it", async () => {
  await using stack = new AsyncDisposableStack();
  let version = 1;
  const server = stack.use(
    await serving((request, response) => {
      if (request.url === "/api.yaml")
        response.end(`openapi: 3.1.0\ninfo: { version: ${version} }\npaths: { /: { $ref: p.yaml } }`);
      else if (request.url === "/p.yaml") response.end("get: { operationId: x }");
      else response.writeHead(404).end();
    }),
  );
  const log = stack.use(memoryLog());
  await log.ensureTopics(topicLayout(1));
  const logger = { info() {}, warn() {}, error: (_: object, message: string) => assert.fail(message) };
  const definitions = stack.use(followDefinitions({ log, clock: systemClock, logger }, {}));
  const text = (document: string) =>
    `id: a\nstart: s\nfunctions: [{ name: f, operation: "${server.url}${document}#x" }]\nstates: [{ name: s, type: operation, actions: [{ functionRef: f }], end: true }]`;
  const deployed = async (document: string) =>
    deploy({ log, definitions }, { path: "a.sw.yaml", files: { "a.sw.yaml": text(document) } }, {});

  const first = await deployed("/api.yaml");
  assert.deepEqual(first.status === "deployed" && Object.keys(first.deployment.bundle.files), [
    "a.sw.yaml",
    `${server.url}/api.yaml`,
    `${server.url}/p.yaml`,
  ]);
  assert.equal((await deployed("/api.yaml")).status, "unchanged");
  version = 2;
  assert.equal((await deployed("/api.yaml")).status, "deployed");
  const missing = await deployed("/none.yaml");
  assert.deepEqual(missing.status === "invalid" && missing.problems.map(({ pointer, found }) => [pointer, found]), [
    ["/functions/0/operation", `"${server.url}/none.yaml": it answers 404`],
  ]);
});
