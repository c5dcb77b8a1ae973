import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { topicLayout } from "@antiphon/protocol";
import { systemClock } from "../system-clock.ts";
import { deployFolder, followDefinitions } from "./index.ts";

async function opened(files: Readonly<Record<string, object>>, env: Readonly<Record<string, string>> = {}) {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "antiphon-"));
  stack.defer(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(content));
  const log = stack.use(memoryLog());
  await log.ensureTopics(topicLayout(1));
  const said: string[] = [];
  const say = (_: object, message: string): void => void said.push(message);
  const logger = { info: say, warn: say, error: say };
  const definitions = stack.use(followDefinitions({ log, clock: systemClock, logger }, env));
  const all = stack.move();
  return { folder, said, ports: { log, logger, definitions }, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

const good = { id: "good", start: "a", states: [{ name: "a", type: "inject", data: {}, end: true }] };

test("every workflow of a folder is deployed, and said to be", async () => {
  await using world = await opened({ "a.sw.json": good, "b.sw.json": { ...good, id: "other" }, "c.json": {} });
  await deployFolder(world.ports, world.folder);
  assert.deepEqual(
    world.ports.definitions.all().map(({ definition }) => definition.id),
    ["good", "other"],
  );
  await deployFolder(world.ports, world.folder);
  assert.deepEqual(world.said, [
    "workflow good is deployed",
    "workflow other is deployed",
    "workflow good is unchanged",
    "workflow other is unchanged",
  ]);
});

test("a folder with mistakes is refused as a whole, and all of them are told at once", async () => {
  await using world = await opened({
    "a.sw.json": good,
    "b.sw.json": good,
    "c.sw.json": { ...good, id: "c", start: "nowhere" },
  });
  await assert.rejects(deployFolder(world.ports, world.folder), (error: Error) => {
    const [head, ...lines] = error.message.split("\n");
    assert.equal(head, `The definitions in ${world.folder} cannot be used.`);
    assert.deepEqual(
      lines.map((line) => line.split(":")[0]),
      ["b.sw.json", "c.sw.json"],
    );
    return true;
  });
  assert.deepEqual(world.ports.definitions.all(), []);
});

test("the environment says for a folder, too, that members which nobody knows are read over", async () => {
  const env = { ANTIPHON_COMPATIBILITY: "sonataflow" };
  await using world = await opened({ "a.sw.json": { ...good, keepAlive: true } }, env);
  await assert.rejects(deployFolder(world.ports, world.folder, {}), /found "keepAlive"; did you mean "keepActive"/);
  await deployFolder(world.ports, world.folder, env);
  assert.deepEqual(world.said, [
    "definitions may read every environment variable but ANTIPHON_*; ANTIPHON_SECRETS names those that they may",
    "workflow good is deployed",
  ]);
});

test("a member that nobody knows, and that looks like none, is named in the log", async () => {
  await using world = await opened({ "a.sw.json": { ...good, owner: "me" } });
  await deployFolder(world.ports, world.folder, {});
  const [note, ...others] = world.said;
  assert.match(
    note ?? "",
    /^a\.sw\.json:1:\d+ \/owner: expected a member of a workflow, found "owner", which is read over$/,
  );
  assert.deepEqual(others, ["workflow good is deployed"]);
});

test("a schema of data that is none is told where it stands", async () => {
  const extensions = [{ extensionid: "workflow-output-schema", outputSchema: { schema: { $ref: "#/nowhere" } } }];
  await using world = await opened({
    "a.sw.json": { ...good, dataInputSchema: { schema: { type: "objekt" } } },
    "b.sw.json": { ...good, id: "b", dataInputSchema: { schema: { type: "object" } } },
  });
  const refusal = await deployFolder(world.ports, world.folder, {}).catch((error: Error) => error.message);
  assert.match(
    refusal ?? "",
    /\na\.sw\.json:1:\d+ \/dataInputSchema: expected a JSON schema, found another thing: [^\n]*$/,
  );
  await writeFile(join(world.folder, "a.sw.json"), JSON.stringify({ ...good, extensions }));
  const second = await deployFolder(world.ports, world.folder, {}).catch((error: Error) => error.message);
  assert.match(second ?? "", /\na\.sw\.json:1:\d+ \/extensions[^\n]*: expected [^\n]*$/);
});

test("a pattern that cannot be checked is refused, and noted where SonataFlow is followed", async () => {
  const dataInputSchema = { schema: { properties: { code: { type: "string", pattern: "(a)\\1" } } } };
  await using world = await opened({ "a.sw.json": { ...good, dataInputSchema } });
  const said =
    /a\.sw\.json:1:\d+ \/dataInputSchema: expected patterns that can be checked, found one that is not: .* found a back-reference/;
  await assert.rejects(deployFolder(world.ports, world.folder, {}), said);
  const env = { ANTIPHON_COMPATIBILITY: "sonataflow", ANTIPHON_SECRETS: "NONE" };
  await deployFolder(world.ports, world.folder, env);
  assert.match(world.said[0] ?? "", said);
  assert.deepEqual(world.said.slice(1), ["workflow good is deployed"]);
});

test("a folder without workflows is said to be one", async () => {
  await using world = await opened({ "c.json": {} });
  await deployFolder(world.ports, world.folder);
  assert.deepEqual(world.said, ["no workflow found: expected files named *.sw.json or *.sw.yaml"]);
});

test("each property that does nothing is named once, and those that another profile has are not", async () => {
  await using world = await opened({ "a.sw.json": good, "b.sw.json": { ...good, id: "other" } });
  const properties = "mp.messaging.incoming.wait.path=/wait\nmy.own=1\n%dev.of.dev=1";
  await writeFile(join(world.folder, "application.properties"), properties);
  await deployFolder(world.ports, world.folder, {});
  assert.deepEqual(world.said.slice(0, 2), ['property "my.own" is not understood', "workflow good is deployed"]);
  await deployFolder(world.ports, world.folder, { QUARKUS_PROFILE: "dev" });
  assert.deepEqual(world.said.slice(3, 5), [
    'property "my.own" is not understood',
    'property "of.dev" is not understood',
  ]);
});

test("a folder is deployed again when a document on the web that it was deployed with cannot be reached", async () => {
  const server = createServer((_, response) =>
    response.end('openapi: 3.1.0\nservers: [{ url: "http://api" }]\npaths: { /: { get: { operationId: x } } }'),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const functions = [{ name: "f", operation: `http://127.0.0.1:${port}/api.yaml#x` }];
  await using world = await opened({ "a.sw.json": { ...good, functions } });
  await deployFolder(world.ports, world.folder, {});
  server.closeAllConnections();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  await deployFolder(world.ports, world.folder, {});
  assert.deepEqual(world.said, [
    "workflow good is deployed",
    "a document on the web cannot be reached: used as it was deployed before",
    "workflow good is unchanged",
  ]);
  functions.push({ name: "g", operation: `http://127.0.0.1:${port}/other.yaml#x` });
  await writeFile(join(world.folder, "a.sw.json"), JSON.stringify({ ...good, functions }));
  await assert.rejects(deployFolder(world.ports, world.folder, {}), (error: Error) => {
    assert.match(
      error.message,
      /\na\.sw\.json:1:\d+ \/functions\/1\/operation: expected a document that can be fetched, found "http/,
    );
    assert.equal(error.message.split("\n").length, 2);
    return true;
  });
});

test("a topic's name that the log cannot have is refused at deployment, with the event's place", async () => {
  const workflow = {
    ...good,
    start: "w",
    events: [{ name: "settled", type: "urn:acme:settled" }],
    states: [{ name: "w", type: "event", onEvents: [{ eventRefs: ["settled"], actions: [] }], end: true }],
  };
  await using world = await opened({ "a.sw.json": workflow });
  await deployFolder(world.ports, world.folder);
  const problem = (name: string) => (name.includes(":") ? "a better name" : undefined);
  const { log } = world.ports;
  const ports = { ...world.ports, log: Object.assign(log, { topicNameProblem: problem }) };
  await assert.rejects(deployFolder(ports, world.folder), {
    name: "InvalidDefinitionsError",
    message:
      /a\.sw\.json:1:\d+ \/events\/0\/type: expected a better name for events of type "urn:acme:settled", found "urn:acme:settled"/,
  });
});

test("where SonataFlow is followed, what is wrong with one workflow does not keep the others from being deployed", async () => {
  const env = { ANTIPHON_COMPATIBILITY: "sonataflow", ANTIPHON_SECRETS: "NONE" };
  const java = { name: "f", type: "custom", operation: "service:java:org.acme.Missing::call" };
  const parent = { name: "a", type: "operation", actions: [{ subFlowRef: "elsewhere" }], end: true };
  await using world = await opened(
    {
      "a.sw.json": good,
      "b.sw.json": good,
      "c.sw.json": { ...good, id: "c", functions: [java] },
      "d.sw.json": { ...good, id: "d", start: "nowhere" },
      "e.sw.json": { ...good, id: "e", states: [parent] },
    },
    env,
  );
  await writeFile(join(world.folder, "f.sw.json"), '{"id": "f",}');
  await deployFolder(world.ports, world.folder, env);
  const { definitions } = world.ports;
  assert.deepEqual(
    definitions.all().map(({ definition }) => definition.id),
    ["good", "e"],
  );
  assert.deepEqual(
    definitions.refusals().map(({ id, file, problems }) => [id, file, problems.length]),
    [
      ["good", "b.sw.json", 1],
      ["c", "c.sw.json", 1],
      ["d", "d.sw.json", 1],
      [undefined, "f.sw.json", 1],
    ],
  );
  const told = world.said.filter((line) => line.includes("cannot be used"));
  assert.match(
    told[1] ?? "",
    /^workflow c in c\.sw\.json cannot be used, and is not deployed:\nc\.sw\.json:1:\d+ \/functions\/0\/operation: /,
  );
  assert.match(told[3] ?? "", /^f\.sw\.json cannot be used/);
  await writeFile(join(world.folder, "d.sw.json"), JSON.stringify({ ...good, id: "d" }));
  await deployFolder(world.ports, world.folder, env);
  assert.equal(
    definitions.refusals().some(({ id }) => id === "d"),
    false,
  );
});
