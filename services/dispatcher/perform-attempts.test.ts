import assert from "node:assert/strict";
import { test } from "node:test";
import { type Json, topics } from "@antiphon/protocol";
import { postTo } from "./testing/outcomes.ts";
import { startService } from "./testing/service.ts";
import { definitionOf, requested, until, World } from "./testing/world.ts";

test("a result answers the attempt that it was asked for, with the same idempotency key at each", async () => {
  const gate = Promise.withResolvers<void>();
  await using service = await startService(async ({ url }) => {
    if (url === "/1") await gate.promise;
    return { headers: { "content-type": "text/plain" }, body: url };
  });
  const world = await new World(definitionOf({ call: postTo(`${service.url}/{n}`) })).open();
  await using _ = await world.start();
  await world.happen("i-1", requested("1.a", "call", { n: 1 }));
  await until(() => service.received.length === 1, "a request");
  await world.happen(
    "i-1",
    { type: "ActionRetried", action: "1.a", attempt: 2 },
    { ...requested("1.a", "call", { n: 2 }), attempt: 2 },
  );
  await world.resultsOf(1);
  gate.resolve();
  await world.happen("i-2", { ...requested("1.a", "call", { n: 3 }), detached: true }, { type: "InstanceCompleted" });
  await world.resultsOf(2);
  const commands = (await world.on(topics.commands)) as readonly {
    instance: string;
    attempt?: number;
    outcome: Json;
  }[];
  assert.deepEqual(
    commands.map(({ instance, attempt, outcome }) => [instance, attempt, (outcome as { output?: Json }).output]),
    [
      ["i-1", 2, "/2"],
      ["i-2", undefined, "/3"],
    ],
  );
  assert.deepEqual(
    service.received.map(({ headers }) => headers["idempotency-key"]),
    ["i-1:1.a", "i-1:1.a", "i-2:1.a"],
  );
});

test("of an action that was tried again, the next owner performs the attempt that is open, and one that nobody waits for", async () => {
  await using service = await startService(() => ({}));
  const world = await new World(definitionOf({ call: postTo(`${service.url}/{n}`) })).open();
  await world.happen("i-1", requested("1.a", "call", { n: 1 }));
  await world.happen(
    "i-1",
    { type: "ActionRetried", action: "1.a", attempt: 2 },
    { ...requested("1.a", "call", { n: 2 }), attempt: 2 },
  );
  await world.happen("i-2", { ...requested("1.a", "call", { n: 3 }), detached: true }, { type: "InstanceCompleted" });
  await using _ = await world.start();
  assert.deepEqual(Object.keys(await world.resultsOf(2)).sort(), ["i-1:1.a", "i-2:1.a"]);
  assert.deepEqual(service.received.map(({ url }) => url).sort(), ["/2", "/3"]);
});
