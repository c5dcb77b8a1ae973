import assert from "node:assert/strict";
import { test } from "node:test";
import { exactNumber, parseJson } from "@antiphon/protocol";
import { startService } from "./testing/service.ts";
import { definitionOf, requested, until, World } from "./testing/world.ts";

function rest(url: string, method = "POST") {
  return { kind: "http", name: "call", method, url, metadata: {} } as const;
}

test("an action is performed and its response completes it", async () => {
  await using service = await startService(() => ({
    headers: { "Content-Type": "application/json", "X-Trace": "7" },
    body: '{"id":12345678901234567890,"sum":68.0}',
  }));
  const world = await new World(definitionOf({ call: rest(`${service.url}/orders/{n}`) })).open();
  await using dispatcher = await world.start();
  await world.happen("i-1", {
    ...requested("1.a", "call", { n: 7, sum: exactNumber("68.0") }),
    context: { kogitobusinesskey: "b-1" },
  });
  const results = await world.resultsOf(1);
  const { method, url, body, headers } = service.received[0]!;
  assert.deepEqual(results, {});
});
