import assert from "node:assert/strict";
import { test } from "node:test";
import type { Running } from "@antiphon/host";
import { type Committed, type Log, LogUnavailableError, type Message } from "@antiphon/log";
import { type InstanceEvent, topics } from "@antiphon/protocol";
import { DRAIN_MS, OPEN_REQUESTS_MAX } from "./perform/performer.ts";
import { COMMIT_MS } from "./position.ts";
import { startService } from "./testing/service.ts";
import { definitionOf, requested, until, World } from "./testing/world.ts";

const rest = (url: string) => ({ kind: "http", name: "call", method: "POST", url, metadata: {} }) as const;
const produced = (id: string): InstanceEvent => ({
  type: "EventProduced",
  topic: "orders",
  event: { specversion: "1.0", id, source: "/s", type: "t" },
});

/** The same log, with calls replaced. */
function logWith(log: Log, changed: Partial<Log>): Log {
  return new Proxy(log, {
    get(target, name) {
      const value = Reflect.get(Object.hasOwn(changed, name) ? changed : target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** A log that notes what its members commit. */
function observed(log: Log): { readonly log: Log; readonly commits: Committed[] } {
  const commits: Committed[] = [];
  const join: Log["join"] = (group, names, run) =>
    log.join(group, names, (owned) =>
      run({
        ...owned,
        commit: async (position) => {
          commits.push(position);
          await owned.commit(position);
        },
      }),
    );
  return { log: logWith(log, { join }), commits };
}

/** Stops a dispatcher that has something under way which does not end. */
async function breakOff(dispatcher: Running, { clock }: World): Promise<void> {
  const gone = dispatcher[Symbol.asyncDispose]();
  // It begins to wait for what is under way without any help from outside.
  await new Promise((resolve) => setImmediate(resolve));
  clock.turn(DRAIN_MS);
  await gone;
}

test("what has its result in the history is not performed again, what has none is", async () => {
  await using service = await startService(() => ({}));
  const world = await new World(definitionOf({ call: rest(`${service.url}/{n}`) })).open();
  // Far more than a tail brings at once, and the results only at the end.
  for (let n = 0; n < 900; n++) await world.happen(`i-${n}`, requested("1.a", "call", { n }));
  for (let n = 0; n < 900; n++) {
    if (n % 300 === 0) continue;
    await world.happen(`i-${n}`, n % 2 ? { type: "ActionCompleted", action: "1.a" } : { type: "InstanceCompleted" });
  }
  await using _ = await world.start();
  const results = await world.resultsOf(3);
  assert.deepEqual(Object.keys(results).sort(), ["i-0:1.a", "i-300:1.a", "i-600:1.a"]);
  assert.deepEqual(service.received.map(({ url }) => url).sort(), ["/0", "/300", "/600"]);
});

test("an attempt that a crash left unknown is performed again, with the same idempotency key", async () => {
  await using service = await startService(() => ({}));
  const world = await new World(definitionOf({ call: rest(service.url) })).open();
  let tries = 0;
  const publish = async () => {
    tries++;
    throw new LogUnavailableError("the answer is lost");
  };
  const crashing = await world.start({}, { log: logWith(world.log, { publish }) });
  await world.happen("i-1", requested("1.a", "call"));
  await until(() => tries === 1, "a result that cannot be sent");
  await breakOff(crashing, world);
  assert.deepEqual(await world.results(), {});

  await using _ = await world.start();
  await world.resultsOf(1);
  assert.deepEqual(
    service.received.map(({ headers }) => headers["idempotency-key"]),
    ["i-1:1.a", "i-1:1.a"],
  );
});

test("a result that the log does not take at first is sent again, without another request", async () => {
  await using service = await startService(() => ({}));
  const world = await new World(definitionOf({ call: rest(service.url) })).open();
  let tries = 0;
  const publish = async (messages: readonly Message[]) => {
    if (tries++ < 3) throw new LogUnavailableError("not now");
    await world.log.publish(messages);
  };
  await using _ = await world.start({}, { log: logWith(world.log, { publish }) });
  await world.happen("i-1", requested("1.a", "call"));
  await until(async () => {
    world.clock.turn(500);
    return (await world.on(topics.commands)).length === 1;
  }, "a result");
  assert.equal(service.received.length, 1);
});

test("the position stays below the oldest request that is not finished, its note tells how far was relayed", async () => {
  const gate = Promise.withResolvers<void>();
  await using service = await startService(async ({ url }) => {
    if (url === "/1") await gate.promise;
    return {};
  });
  const world = await new World(definitionOf({ call: rest(`${service.url}/{n}`) })).open();
  const { log, commits } = observed(world.log);
  const dispatcher = await world.start({}, { log });
  for (let n = 0; n < 4; n++) await world.happen(`i-${n}`, requested("1.a", "call", { n }));
  await world.resultsOf(3);
  await until(() => {
    world.clock.turn(COMMIT_MS);
    return commits.at(-1)?.offset === 1;
  }, "a commit");
  assert.deepEqual(commits.at(-1), { offset: 1, note: "4" });
  gate.resolve();
  await world.resultsOf(4);
  await dispatcher[Symbol.asyncDispose]();
  assert.deepEqual(commits.at(-1), { offset: 4, note: "4" });
});

test("positions are committed once for all that happens within a while", async () => {
  await using service = await startService(() => ({}));
  const world = await new World(definitionOf({ call: rest(service.url) })).open();
  const { log, commits } = observed(world.log);
  await using _ = await world.start({}, { log });
  for (let n = 0; n < 50; n++) await world.happen(`i-${n}`, requested("1.a", "call"));
  await world.resultsOf(50);
  await until(() => world.clock.nextMs !== undefined, "a commit to come");
  assert.deepEqual(commits, []);
  world.clock.turn(COMMIT_MS);
  await until(() => commits.length > 0, "a commit");
  assert.deepEqual(commits, [{ offset: 50, note: "50" }]);
});

test("what was sent is not sent again by the next owner, though it reads the facts again", async () => {
  const gate = Promise.withResolvers<void>();
  await using service = await startService(async () => {
    await gate.promise;
    return {};
  });
  const world = await new World(definitionOf({ call: rest(service.url) })).open();
  await world.log.ensureTopics([{ name: "orders", partitions: 1, retention: "forever" }]);
  const { log, commits } = observed(world.log);
  const first = await world.start({}, { log });
  await world.happen("i-1", requested("1.a", "call"));
  await world.happen("i-1", produced("p-1"), { type: "MessageLogged", level: "info", message: "once" });
  await until(() => service.received.length === 1, "a request");
  await until(async () => (await world.on("orders")).length === 1, "an event");
  await breakOff(first, world);
  assert.deepEqual(commits.at(-1), { offset: 0, note: "2" });

  const lines: string[] = [];
  const logger = { trace() {}, debug() {}, info: (_: object, line: string) => lines.push(line), warn() {}, error() {} };
  await using _ = await world.start({}, { logger });
  gate.resolve();
  await world.happen("i-2", produced("p-2"), { type: "MessageLogged", level: "info", message: "twice" });
  await world.resultsOf(1);
  await until(async () => (await world.on("orders")).length === 2, "another event");
  assert.deepEqual(
    (await world.on("orders")).map((event) => (event as { id: string }).id),
    ["p-1", "p-2"],
  );
  await until(() => lines.length > 0, "a line");
  assert.deepEqual(lines, ["twice"]);
});

test("a graceful stop waits for what is under way, begins nothing more, and remembers what is left", async () => {
  const gate = Promise.withResolvers<void>();
  await using service = await startService(async () => {
    await gate.promise;
    return {};
  });
  const world = await new World(definitionOf({ call: rest(`${service.url}/{n}`) })).open();
  const { log, commits } = observed(world.log);
  const dispatcher = await world.start({ concurrency: 1 }, { log });
  for (let n = 0; n < 3; n++) await world.happen(`i-${n}`, requested("1.a", "call", { n }));
  await until(() => service.received.length === 1, "a request");
  const gone = dispatcher[Symbol.asyncDispose]();
  gate.resolve();
  await gone;
  assert.deepEqual(Object.keys(await world.results()), ["i-0:1.a"]);
  assert.equal(service.received.length, 1);
  assert.deepEqual(commits.at(-1), { offset: 1, note: "3" });

  await using _ = await world.start();
  assert.deepEqual(Object.keys(await world.resultsOf(3)).sort(), ["i-0:1.a", "i-1:1.a", "i-2:1.a"]);
  assert.deepEqual(
    service.received.map(({ url }) => url),
    ["/0", "/1", "/2"],
  );
});

test("when too many requests are open, nothing more is read until there is room", async () => {
  const gate = Promise.withResolvers<void>();
  await using service = await startService(async () => {
    await gate.promise;
    return {};
  });
  const world = await new World(definitionOf({ call: rest(service.url) })).open();
  await world.log.ensureTopics([{ name: "orders", partitions: 1, retention: "forever" }]);
  await using _ = await world.start();
  const many = Array.from({ length: OPEN_REQUESTS_MAX + 1 }, (_, n) => requested(`1.${n}`, "call"));
  await world.happen("i-1", ...many);
  await until(() => service.received.length === 64, "requests under way");
  await world.happen("i-2", produced("p-1"));
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await world.on("orders"), []);
  gate.resolve();
  await until(async () => (await world.on("orders")).length === 1, "an event");
});

test("events that their sink has not taken are sent by the next owner, those that it has taken are not", async () => {
  let isGone = false;
  const away = Promise.withResolvers<"hang up">();
  await using service = await startService(({ headers }) =>
    headers["ce-id"] === "e-2" && !isGone ? away.promise : {},
  );
  const world = await new World().open();
  const { log, commits } = observed(world.log);
  const toSink = (id: string) => ({ ...produced(id), channel: "c", sink: service.url }) as InstanceEvent;
  const first = await world.start({}, { log });
  for (const n of [1, 2, 3]) await world.happen(`i-${n}`, toSink(`e-${n}`));
  await until(() => service.received.length === 3, "three posts");
  await breakOff(first, world);
  assert.deepEqual(commits.at(-1), { offset: 1, note: "3/1" });
  isGone = true;
  away.resolve("hang up");
  await using _ = await world.start({}, { log });
  await until(() => service.received.length === 5, "the rest");
  assert.deepEqual(
    service.received.map(({ headers }) => headers["ce-id"]),
    ["e-1", "e-2", "e-3", "e-2", "e-3"],
  );
});
