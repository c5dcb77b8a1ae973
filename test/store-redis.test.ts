import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Store, StoreUnavailableError } from "@antiphon/store";
import { type Disturbance, type Harness, storeContract } from "@antiphon/store/contract";
import { type RedisStoreOptions, redisStore } from "@antiphon/store-redis";
import { startRedisProxy } from "./support/redis-proxy.ts";
import { skipWithoutRedis, startRedis, type TestRedis } from "./support/redis-server.ts";

const skip = await skipWithoutRedis();
let redis: TestRedis;
if (skip === undefined) {
  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());
}

storeContract("the Redis store", openHarness, skip === undefined ? {} : { skip });

async function openHarness(): Promise<Harness> {
  await redis.flush();
  const proxy = await startRedisProxy(redis.url);
  const store = redisStore({ url: proxy.url });
  const another = redisStore({ url: redis.url });
  return {
    store,
    another,
    disturbances: disturbances(),
    loseNextAnswer: (fate) => proxy.loseNext(fate),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await another[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

function disturbances(): Disturbance[] {
  const { control } = redis;
  const ofOurOwn: Disturbance[] = control
    ? [
        {
          name: "the server is killed and started again",
          losesEverything: true,
          happen: () => control.kill().then(() => control.start()),
        },
        {
          name: "the server is stopped and started again",
          losesEverything: true,
          happen: () => control.stop().then(() => control.start()),
        },
      ]
    : [];
  return [
    { name: "FLUSHALL", losesEverything: true, happen: () => redis.flush() },
    {
      name: "SCRIPT FLUSH",
      losesEverything: false,
      happen: async () => assert.equal(await redis.ask("SCRIPT", "FLUSH"), "+OK"),
    },
    ...ofOurOwn,
  ];
}

const IMPATIENT_MS = 500;
const REACH_ATTEMPTS = 20;

/** A store that has its connection: on a busy machine to connect may take longer than an impatient store waits. */
async function reached(options: RedisStoreOptions): Promise<Store> {
  const store = redisStore(options);
  for (let attempt = 1; attempt < REACH_ATTEMPTS; attempt++) {
    const loaded = await store.load("any", []).catch(() => undefined);
    if (loaded) return store;
  }
  throw new Error(`${options.url}: expected an answer within ${REACH_ATTEMPTS} attempts, found none`);
}

describe("the Redis store, where Redis fails", { skip: skip ?? false }, () => {
  const first = { expected: null, position: 1, values: new Map([["a", "1"]]), added: [], removed: [] };
  const second = { ...first, expected: 1, position: 2, values: new Map([["a", "2"]]) };

  test("a call waits for a Redis that is away and is answered when it is back", async (t) => {
    const { control } = redis;
    if (!control) return t.skip("the Redis of REDIS_URL is not ours to stop");
    await redis.flush();
    const lost = Promise.withResolvers<void>();
    const logger = { info() {}, warn: () => lost.resolve() };
    await using store = redisStore({ url: redis.url, logger, unavailableAfterMs: 20_000 });
    await store.load("s/0", []);
    await control.kill();
    await lost.promise;
    const waiting = Promise.all([store.load("s/0", ["a"]), store.commit("s/0", first), store.wipe("s/1")]);
    await control.start();
    const [loaded, committed] = await waiting;
    assert.equal(loaded.values.length, 1);
    assert.equal(committed, "committed");
  });

  test("losing Redis and finding it again is said once each, and calls beyond the limit throw", async (t) => {
    const { control } = redis;
    if (!control) return t.skip("the Redis of REDIS_URL is not ours to stop");
    const said: string[] = [];
    const logger = {
      info: (_: object, message: string) => said.push(message),
      warn: (_: object, message: string) => said.push(message),
    };
    await using store = await reached({ url: redis.url, logger, unavailableAfterMs: IMPATIENT_MS });
    await control.kill();
    await Promise.all([
      assert.rejects(store.load("s/0", []), StoreUnavailableError),
      assert.rejects(store.commit("s/0", first), StoreUnavailableError),
      assert.rejects(store.scan("s/0", "due", { limit: 1 }), StoreUnavailableError),
      assert.rejects(store.wipe("s/0"), StoreUnavailableError),
    ]);
    assert.deepEqual(said, ["Redis cannot be reached; calls wait for it"]);
    await control.start();
    while (said.length < 2) await sleep(5);
    assert.deepEqual(said, ["Redis cannot be reached; calls wait for it", "Redis is back"]);
  });

  test("a Redis that stands still makes calls throw, and a commit that it had taken in may land when it goes on", async (t) => {
    const { control } = redis;
    if (!control) return t.skip("the Redis of REDIS_URL is not ours to hold");
    await redis.flush();
    await using store = await reached({ url: redis.url, unavailableAfterMs: IMPATIENT_MS });
    await store.commit("s/0", first);
    await control.pause();
    await assert.rejects(store.commit("s/0", second), StoreUnavailableError);
    await assert.rejects(store.load("s/0", ["a"]), StoreUnavailableError);
    await control.resume();
    await using patient = redisStore({ url: redis.url });
    const outcome = await patient.commit("s/0", second);
    assert.ok(outcome === "committed" || outcome === "conflict");
    assert.deepEqual(await patient.load("s/0", ["a"]), { position: 2, values: ["2"] });
  });

  test("a store that never reached its Redis says where it looked and why it failed", async () => {
    await using store = redisStore({ url: "redis://:secret@127.0.0.1:1", unavailableAfterMs: 100 });
    await assert.rejects(store.load("s/0", []), {
      name: "StoreUnavailableError",
      message: "Redis at 127.0.0.1:1 did not serve within 100 ms: connect ECONNREFUSED 127.0.0.1:1",
    });
  });

  test("a Redis that may not write makes a commit wait, then throw, and changes nothing", async () => {
    await redis.flush();
    await using store = await reached({ url: redis.url, unavailableAfterMs: IMPATIENT_MS });
    await store.commit("s/0", first);
    assert.equal(await redis.ask("CONFIG", "SET", "maxmemory", "1"), "+OK");
    await assert.rejects(store.commit("s/0", second), { name: "StoreUnavailableError", message: /OOM/ });
    assert.equal(await redis.ask("CONFIG", "SET", "maxmemory", "0"), "+OK");
    assert.deepEqual(await store.load("s/0", ["a"]), { position: 1, values: ["1"] });
  });

  test("when one of a space's two keys was evicted, the next commit conflicts and nothing is left", async () => {
    const added = [{ index: "due", entry: "x" }];
    for (const evicted of ["antiphon:{s/0}:lists", "antiphon:{s/0}:hash"]) {
      await redis.flush();
      await using store = redisStore({ url: redis.url });
      await store.commit("s/0", { ...first, added });
      assert.equal(await redis.ask("DEL", evicted), ":1");
      assert.equal(await store.commit("s/0", second), "conflict");
      assert.deepEqual(await store.load("s/0", ["a"]), { position: null, values: [null] });
      assert.equal(await store.commit("s/0", first), "committed");
      assert.deepEqual(await store.scan("s/0", "due", { limit: 9 }), []);
    }
  });

  test("a policy that evicts is warned of once, over all reconnections", async () => {
    const warnings: unknown[] = [];
    const found = Promise.withResolvers<void>();
    const logger = {
      info() {},
      warn(details: object, message: string) {
        if ("found" in details) warnings.push({ ...details, message });
        found.resolve();
      },
    };
    assert.equal(await redis.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru"), "+OK");
    await using store = redisStore({ url: redis.url, logger });
    await found.promise;
    await redis.ask("CLIENT", "KILL", "TYPE", "normal");
    await store.load("s/0", []);
    await store.load("s/0", []);
    assert.equal(await redis.ask("CONFIG", "SET", "maxmemory-policy", "noeviction"), "+OK");
    assert.deepEqual(warnings, [
      {
        expected: "noeviction",
        found: "allkeys-lru",
        message:
          "Redis may evict what the store remembers, which must then be folded again: set maxmemory-policy to noeviction",
      },
    ]);
  });

  test("a Redis that does not tell its policy is used all the same, and that it could not be checked is said", async () => {
    assert.equal(await redis.ask("ACL", "SETUSER", "shy", "on", ">pass", "~*", "+@all", "-info"), "+OK");
    const warned = Promise.withResolvers<string>();
    const logger = { info() {}, warn: (_: object, message: string) => warned.resolve(message) };
    const url = new URL(redis.url);
    url.username = "shy";
    url.password = "pass";
    await using store = redisStore({ url: url.href, logger });
    assert.equal(await warned.promise, "Redis does not say its maxmemory-policy; it could not be checked");
    assert.deepEqual(await store.load("never held", []), { position: null, values: [] });
    assert.equal(await redis.ask("ACL", "DELUSER", "shy"), ":1");
  });

  test("a wrong password is what a call that waited in vain reports, and the URL's password is not", async () => {
    const url = new URL(redis.url);
    url.username = "nobody";
    url.password = "wrong";
    await using store = redisStore({ url: url.href, unavailableAfterMs: IMPATIENT_MS });
    await assert.rejects(store.load("s/0", []), (error: Error) => {
      assert.equal(error.name, "StoreUnavailableError");
      assert.match(error.message, /WRONGPASS/);
      assert.doesNotMatch(error.message, /wrong/);
      return true;
    });
  });

  test("a space lives under two keys with one hash tag, and a wipe leaves neither", async () => {
    await redis.flush();
    await using store = redisStore({ url: redis.url, prefix: "test" });
    await store.commit("s}{/0", { ...first, added: [{ index: "due", entry: "x" }] });
    assert.equal(await redis.ask("EXISTS", "test:{s%7D%7B/0}:hash", "test:{s%7D%7B/0}:lists"), ":2");
    await store.wipe("s}{/0");
    assert.equal(await redis.ask("DBSIZE"), ":0");
  });

  test("a closed Redis store refuses calls and may be closed again", async () => {
    const store = redisStore({ url: redis.url });
    await store.load("s/0", []);
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    await assert.rejects(store.load("s/0", []), { message: "expected an open store, found one that was disposed of" });
  });
});
