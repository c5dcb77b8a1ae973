import assert from "node:assert/strict";
import { test } from "node:test";
import { type Batch, type Log, memoryLog, PlaceLostError, type TailOptions } from "@antiphon/log";
import type { Clock } from "@antiphon/processor";
import { topicLayout, topics } from "@antiphon/protocol";
import { READING_MS_MAX } from "./follow-definitions.ts";
import { contentHash, type Definitions, deploy, followDefinitions, retire } from "./index.ts";

function bundle(id: string, version: string, greeting: string) {
  const workflow = {
    id,
    version,
    start: "Greet",
    states: [{ name: "Greet", type: "inject", data: { greeting }, end: true }],
  };
  return { path: `${id}.sw.json`, files: { [`${id}.sw.json`]: JSON.stringify(workflow) } };
}

/** Never wakes anybody up by itself: what is waited for has to come. */
const patient: Clock = {
  now: () => 0,
  steady: () => 0,
  sleep: (_ms, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
};

class World implements AsyncDisposable {
  readonly log: Log = memoryLog({ now: () => 7 });
  readonly errors: unknown[] = [];
  readonly #following: Definitions[] = [];

  static async make(): Promise<World> {
    const world = new World();
    await world.log.ensureTopics(topicLayout(2));
    return world;
  }

  follow(clock: Clock = patient): Definitions {
    const logger = { info() {}, warn() {}, error: (details: unknown) => this.errors.push(details) };
    const definitions = followDefinitions({ log: this.log, clock, logger }, {});
    this.#following.push(definitions);
    return definitions;
  }

  async [Symbol.asyncDispose]() {
    for (const definitions of this.#following) await definitions[Symbol.asyncDispose]();
    await this.log[Symbol.asyncDispose]();
  }
}

function summary(definitions: Definitions) {
  return definitions.all().map(({ hash, definition, sequence, deployedMs, current }) => {
    return { hash, id: definition.id, version: definition.version, sequence, deployedMs, current };
  });
}

test("a definition that is deployed is the current one at once, here and for whoever starts later", async () => {
  await using world = await World.make();
  const definitions = world.follow();
  const hello = bundle("hello", "1.0", "hi");
  const deployed = await deploy({ log: world.log, definitions }, hello);
  assert.equal(deployed.status, "deployed");
  const expected = [
    { hash: contentHash(hello), id: "hello", version: "1.0", sequence: 0, deployedMs: 7, current: true },
  ];
  assert.deepEqual(summary(definitions), expected);
  const later = world.follow();
  await later.ready;
  assert.deepEqual(summary(later), expected);
  assert.deepEqual(later.current("hello")?.bundle, hello);
});

test("a later deployment is current, and the one before stays to be found by its hash", async () => {
  await using world = await World.make();
  const definitions = world.follow();
  const [first, second] = [bundle("hello", "1.0", "hi"), bundle("hello", "1.0", "good day")];
  await deploy({ log: world.log, definitions }, first);
  await deploy({ log: world.log, definitions }, second);
  assert.equal(definitions.current("hello")?.hash, contentHash(second));
  assert.deepEqual(
    summary(definitions).map(({ hash, current }) => [hash, current]),
    [
      [contentHash(first), false],
      [contentHash(second), true],
    ],
  );
});

test("records of two deployments of one version have different keys, so that compaction keeps both", async () => {
  await using world = await World.make();
  const definitions = world.follow();
  await deploy({ log: world.log, definitions }, bundle("hello", "1.0", "hi"));
  await deploy({ log: world.log, definitions }, bundle("hello", "1.0", "good day"));
  const { records } = await world.log.read(topics.definitions, 0, 0, 10);
  assert.equal(new Set(records.map(({ key }) => key)).size, 2);
});

test("deploying what is current already ends a refusal of its workflow, here and elsewhere, and no other", async () => {
  await using world = await World.make();
  const [here, elsewhere] = [world.follow(), world.follow()];
  const ports = { log: world.log, definitions: here };
  await deploy(ports, bundle("hello", "1.0", "hi"));
  const problems = [{ file: "f", line: 1, column: 1, pointer: "", expected: "a state", found: "nothing" }];
  for (const definitions of [here, elsewhere]) {
    definitions.refuse({ id: "hello", file: "hello.sw.json", problems });
    definitions.refuse({ id: "other", file: "other.sw.json", problems });
  }
  assert.equal((await deploy(ports, bundle("hello", "1.0", "hi"))).status, "unchanged");
  await elsewhere.newest();
  for (const definitions of [here, elsewhere]) {
    assert.deepEqual(
      definitions.refusals().map(({ id }) => id),
      ["other"],
    );
  }
  assert.equal((await deploy(ports, bundle("hello", "1.0", "hi"))).status, "unchanged");
  assert.equal((await world.log.bounds(topics.definitions, 0)).end, 2);
});

test("deploying what is current already writes nothing; going back to an older one makes it current again", async () => {
  await using world = await World.make();
  const definitions = world.follow();
  const [first, second] = [bundle("hello", "1.0", "hi"), bundle("hello", "2.0", "hi")];
  const ports = { log: world.log, definitions };
  await deploy(ports, first);
  assert.equal((await deploy(ports, first)).status, "unchanged");
  assert.equal((await world.log.bounds(topics.definitions, 0)).end, 1);
  await deploy(ports, second);
  assert.equal((await deploy(ports, first)).status, "deployed");
  assert.equal(definitions.current("hello")?.definition.version, "1.0");
});

test("a bundle that is no workflow is not deployed, and its problems are told", async () => {
  await using world = await World.make();
  const definitions = world.follow();
  const broken = { path: "a.sw.json", files: { "a.sw.json": '{"id":"a"}' } };
  const deployed = await deploy({ log: world.log, definitions }, broken);
  assert.equal(deployed.status, "invalid");
  assert.notDeepEqual(deployed.status === "invalid" && deployed.problems, []);
  assert.equal((await world.log.bounds(topics.definitions, 0)).end, 0);
});

for (const [what, stepMs, expected] of [
  ["go on between each two that take long", READING_MS_MAX, [0, 1, 2, 3, 4]],
  ["wait for those that take no time", 0, [0, 4]],
] as const) {
  test(`of what is deployed when a process starts, others ${what}`, async () => {
    await using world = await World.make();
    const before = world.follow();
    for (const id of ["a", "b", "c", "d"]) await deploy({ log: world.log, definitions: before }, bundle(id, "1", "hi"));
    let nowMs = 0;
    const passing = { ...patient, steady: () => (nowMs += stepMs) };
    const definitions = world.follow(passing);
    const seen = new Set<number>();
    const look = (): void => {
      seen.add(definitions.all().length);
      if (definitions.all().length < 4) setImmediate(look);
    };
    look();
    await definitions.ready;
    seen.add(definitions.all().length);
    assert.deepEqual([...seen], expected);
  });
}

test("a workflow that is retired starts no more, and its definition is still found by its hash", async () => {
  await using world = await World.make();
  const definitions = world.follow();
  const hello = bundle("hello", "1.0", "hi");
  const ports = { log: world.log, definitions };
  await deploy(ports, hello);
  assert.equal(await retire(ports, "hello"), true);
  assert.equal(definitions.current("hello"), undefined);
  assert.equal(definitions.find(contentHash(hello))?.current, false);
  assert.equal(await retire(ports, "hello"), false);
  assert.equal((await deploy(ports, hello)).status, "deployed");
  assert.equal(definitions.current("hello")?.hash, contentHash(hello));
});

test("records that cannot be used are named in the log and stop nothing", async () => {
  await using world = await World.make();
  const hello = bundle("hello", "1.0", "hi");
  const forged = { type: "deployed", id: "hello", version: "1.0", bundle: hello, hash: "0".repeat(64) };
  const empty = { path: "x", files: {} };
  const unreadable = { type: "deployed", id: "x", version: "1", bundle: empty, hash: contentHash(empty) };
  for (const value of ["no JSON", "{}", JSON.stringify(forged), JSON.stringify(unreadable), null]) {
    await world.log.publish([{ topic: topics.definitions, partition: 0, key: "k", value }]);
  }
  const definitions = world.follow();
  await deploy({ log: world.log, definitions }, hello);
  assert.deepEqual(
    summary(definitions).map(({ id, sequence }) => [id, sequence]),
    [["hello", 5]],
  );
  assert.deepEqual(
    world.errors.map((details) => (details as { offset: number }).offset),
    [0, 1, 2, 3],
  );
});

test("a hash that is not there yet is waited for", async () => {
  await using world = await World.make();
  const definitions = world.follow();
  const hello = bundle("hello", "1.0", "hi");
  const waiting = definitions.get(contentHash(hello));
  await deploy({ log: world.log, definitions: world.follow() }, hello);
  assert.equal((await waiting).definition.id, "hello");
});

test("a hash that never comes is given up on", async () => {
  await using world = await World.make();
  const definitions = world.follow({ now: () => 0, steady: () => 0, sleep: async () => {} });
  await assert.rejects(definitions.get("abc"), {
    message: "definition abc: expected among the deployed definitions within 10000 ms, found nothing",
  });
});

test("what is in the log by now has been read once somebody asks for the newest, so that what is unknown is not there", async () => {
  await using world = await World.make();
  const [here, elsewhere] = [world.follow(), world.follow()];
  await here.ready;
  for (let i = 0; i < 20; i++) {
    await deploy({ log: world.log, definitions: elsewhere }, bundle(`hello-${i}`, "1.0", "hi"));
    const [first, second] = [here.newest(), here.newest()];
    assert.equal(first, second);
    await first;
    assert.equal(here.current(`hello-${i}`)?.definition.id, `hello-${i}`);
  }
  await retire({ log: world.log, definitions: elsewhere }, "hello-0");
  await here.newest();
  assert.equal(here.named("hello-0"), undefined);
  assert.equal(here.named("never"), undefined);
});

test("a log of definitions that cannot be read to its end says nothing of what is in it", async () => {
  await using world = await World.make();
  const definitions = world.follow({ now: () => 0, steady: () => 0, sleep: async () => {} });
  await definitions[Symbol.asyncDispose]();
  await world.log.publish([{ topic: topics.definitions, partition: 0, key: "k", value: null }]);
  await assert.rejects(definitions.newest(), {
    name: "LogUnavailableError",
    message: "the log of definitions up to offset 1 could not be read",
  });
});

test("a listener hears of changes until it has had enough", async () => {
  await using world = await World.make();
  const definitions = world.follow();
  let heard = 0;
  const enough = definitions.onChange(() => heard++);
  await deploy({ log: world.log, definitions }, bundle("hello", "1.0", "hi"));
  assert.equal(heard, 1);
  enough();
  await deploy({ log: world.log, definitions }, bundle("hello", "2.0", "hi"));
  assert.equal(heard, 1);
});

test("following ends without an error when it is disposed of", async () => {
  await using world = await World.make();
  const definitions = world.follow();
  await definitions.ready;
  await assert.doesNotReject(async () => definitions[Symbol.asyncDispose]());
});

for (const [what, error, from] of [
  ["fails", new Error("a fault"), 1],
  ["was made anew", new PlaceLostError(topics.definitions, 0, "one record", "another", 1), 0],
] as const) {
  test(`a log of definitions that ${what} is followed again, and readiness says so meanwhile`, async () => {
    await using world = await World.make();
    const asked: number[] = [];
    const failed = Promise.withResolvers<void>();
    const log: Log = Object.assign(Object.create(world.log), {
      tail(topic: string, partition: number, position: number, options: TailOptions) {
        asked.push(position);
        return asked.length > 1 ? world.log.tail(topic, partition, position, options) : failing();
      },
      bounds: world.log.bounds.bind(world.log),
      publish: world.log.publish.bind(world.log),
    });
    async function* failing(): AsyncGenerator<Batch> {
      yield { records: [], next: 1, end: 2 };
      await failed.promise;
      throw error;
    }
    const told: unknown[] = [];
    const health = { set: (...state: readonly unknown[]) => void told.push(state) };
    const awake = Promise.withResolvers<void>();
    const clock: Clock = { now: () => 0, steady: () => 0, sleep: () => awake.promise };
    const logger = { info() {}, warn() {}, error() {} };
    await using definitions = followDefinitions({ log, clock, logger, health }, {});
    for (const id of ["first", "second"]) {
      const record = {
        topic: topics.definitions,
        partition: 0,
        key: id,
        value: await recordOf(bundle(id, "1.0", "hi")),
      };
      await world.log.publish([record]);
    }
    failed.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(told, [["definitions", false, error.message]]);
    awake.resolve();
    await definitions.ready;
    assert.deepEqual(asked, [0, from]);
    assert.deepEqual(
      definitions.all().map(({ definition }) => definition.id),
      from === 0 ? ["first", "second"] : ["second"],
    );
    assert.deepEqual(told.at(-1), ["definitions", true]);
  });
}

/** The record that a deployment of a bundle is. */
async function recordOf(one: ReturnType<typeof bundle>): Promise<string> {
  await using world = await World.make();
  const definitions = world.follow();
  await deploy({ log: world.log, definitions }, one);
  const { records } = await world.log.read(topics.definitions, 0, 0, 1);
  return records[0]?.value ?? "";
}
