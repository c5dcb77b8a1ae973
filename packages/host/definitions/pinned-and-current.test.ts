import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { type Bundle, propertyOf } from "@antiphon/definition";
import { systemClock } from "@antiphon/host";
import { type Log, memoryLog } from "@antiphon/log";
import { topicLayout, topics } from "@antiphon/protocol";
import { contentHash, type Definitions, type Deployed, deploy, followDefinitions, retire } from "./index.ts";

const SILENT = { info() {}, warn() {}, error() {} };
const URL_KEY = "quarkus.rest-client.service_yaml.url";

function bundle(version: string, properties: string | undefined, folder = ""): Bundle {
  const workflow = {
    id: "orders",
    version,
    start: "a",
    states: [{ name: "a", type: "inject", data: { secret: "$SECRET.shop.password" }, end: true }],
  };
  return {
    path: `${folder}orders.sw.json`,
    files: {
      [`${folder}orders.sw.json`]: JSON.stringify(workflow),
      ...(properties !== undefined && { "application.properties": properties }),
    },
  };
}

function asEarlierReleasesDid({ path, files }: Bundle): string {
  const sorted = Object.keys(files)
    .sort()
    .map((name) => [name, files[name]]);
  return createHash("sha256")
    .update(JSON.stringify([path, sorted]))
    .digest("hex");
}

async function world(): Promise<Log> {
  const log = memoryLog({ now: () => 7 });
  await log.ensureTopics(topicLayout(1));
  return log;
}

async function follow(log: Log, env: Readonly<Record<string, string>> = {}): Promise<Definitions> {
  const definitions = followDefinitions({ log, clock: systemClock, logger: SILENT }, env);
  await definitions.ready;
  return definitions;
}

function hashOf(deployed: Deployed): string {
  return deployed.status === "invalid" ? JSON.stringify(deployed.problems) : deployed.deployment.hash;
}

/** By version and the beginning of their hashes: the property of each definition. */
function urls(definitions: Definitions): readonly (string | undefined)[] {
  return definitions.all().map(({ definition }) => propertyOf(definition.properties, URL_KEY));
}

test("configuration has no part in what pins an instance", () => {
  const one = bundle("1", `${URL_KEY}=http://one`);
  assert.equal(contentHash(one), contentHash(bundle("1", `${URL_KEY}=http://two`)));
  assert.equal(contentHash(one), contentHash(bundle("1", undefined)));
  assert.notEqual(contentHash(one), contentHash(bundle("2", `${URL_KEY}=http://one`)));
  const spec = { ...one, files: { ...one.files, "specs/application.yaml": "a" } };
  const other = { ...one, files: { ...one.files, "specs/application.yaml": "b" } };
  assert.notEqual(contentHash(spec), contentHash(other), "a specification in a folder of its own is pinned");
});

test("a new configuration of an unchanged workflow is that of the same hash, here and after a restart", async () => {
  await using log = await world();
  await using definitions = await follow(log);
  const first = await deploy({ log, definitions }, bundle("1", `${URL_KEY}=http://one`), {});
  const before = definitions.find(hashOf(first))?.definition;
  let changes = 0;
  definitions.onChange(() => changes++);
  const second = await deploy({ log, definitions }, bundle("1", `${URL_KEY}=http://two`), {});
  assert.deepEqual([first.status, second.status, hashOf(second)], ["deployed", "reconfigured", hashOf(first)]);
  assert.deepEqual([urls(definitions), changes], [["http://two"], 1]);
  assert.notEqual(definitions.find(hashOf(first))?.definition, before, "who holds the definition sees another one");
  const third = await deploy({ log, definitions }, bundle("1", `${URL_KEY}=http://two`), {});
  assert.equal(third.status, "unchanged");

  const { records } = await log.read(topics.definitions, 0, 0, 10);
  assert.equal(new Set(records.map(({ key }) => key)).size, 1, "compaction keeps the newest configuration alone");
  await using later = await follow(log);
  assert.deepEqual(urls(later), ["http://two"]);
});

test("instances of older versions have the configuration of the newest deployment", async () => {
  await using log = await world();
  await using definitions = await follow(log);
  const ports = { log, definitions };
  await deploy(ports, bundle("1", `${URL_KEY}=http://one\nshop.password=old`), {});
  await deploy(ports, bundle("2", `${URL_KEY}=http://two\nshop.password=new`, "elsewhere/"), {});
  assert.deepEqual(urls(definitions), ["http://two", "http://two"]);
  const [oldest] = definitions.all();
  assert.equal(oldest?.definition.version, "1");
  assert.equal(propertyOf(oldest?.definition.properties ?? {}, "shop.password"), "new");
  await deploy(ports, bundle("3", undefined), {});
  assert.deepEqual(urls(definitions), [undefined, undefined, undefined], "and none where that has none");
  await using later = await follow(log);
  assert.deepEqual(urls(later), [undefined, undefined, undefined]);
});

test("the environment is that of the process which reads the definitions", async () => {
  await using log = await world();
  await using definitions = await follow(log);
  const properties = `${URL_KEY}=http://\${SHOP_HOST:nowhere}`;
  await deploy({ log, definitions }, bundle("1", properties), {});
  await deploy({ log, definitions }, bundle("2", properties), {});
  await using later = await follow(log, { SHOP_HOST: "here", ANTIPHON_SECRETS: "SHOP_HOST" });
  assert.deepEqual(
    [urls(definitions), urls(later)],
    [
      ["http://nowhere", "http://nowhere"],
      ["http://here", "http://here"],
    ],
  );
});

test("what an earlier release deployed stays with its hash, and a redeployment of the same folder loses nothing", async () => {
  await using log = await world();
  const old = bundle("1", `${URL_KEY}=http://one`);
  const hash = asEarlierReleasesDid(old);
  const record = { type: "deployed", hash, id: "orders", version: "1", bundle: old };
  await log.publish([
    { topic: topics.definitions, partition: 0, key: `orders:1:${hash}`, value: JSON.stringify(record) },
  ]);
  await using definitions = await follow(log);
  assert.deepEqual([definitions.current("orders")?.hash, urls(definitions)], [hash, ["http://one"]]);
  assert.deepEqual(Object.keys(definitions.find(hash)?.bundle.files ?? {}), ["orders.sw.json"]);

  const ports = { log, definitions };
  const same = await deploy(ports, old, {});
  assert.deepEqual([same.status, hashOf(same)], ["unchanged", hash]);
  const changed = await deploy(ports, bundle("1", `${URL_KEY}=http://two`), {});
  assert.equal(changed.status, "reconfigured");
  assert.notEqual(hashOf(changed), hash);
  assert.deepEqual(urls(definitions), ["http://two", "http://two"]);
  await using later = await follow(log);
  assert.equal(propertyOf(later.find(hash)?.definition.properties ?? {}, URL_KEY), "http://two");
});

test("a workflow that is retired keeps its configuration for the instances that go on", async () => {
  await using log = await world();
  await using definitions = await follow(log);
  const ports = { log, definitions };
  await deploy(ports, bundle("1", `${URL_KEY}=http://one`), {});
  await retire(ports, "orders");
  assert.deepEqual(urls(definitions), ["http://one"]);
});
