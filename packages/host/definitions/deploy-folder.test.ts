import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { memoryLog } from "@antiphon/log";
import { topicLayout } from "@antiphon/protocol";
import { systemClock } from "../system-clock.ts";
import { deployFolder, followDefinitions } from "./index.ts";

async function opened(files: Readonly<Record<string, object>>) {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "antiphon-"));
  stack.defer(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(content));
  const log = stack.use(memoryLog());
  await log.ensureTopics(topicLayout(1));
  const said: string[] = [];
  const say = (_: object, message: string): void => void said.push(message);
  const logger = { info: say, warn: say, error: say };
  const definitions = stack.use(followDefinitions({ log, clock: systemClock, logger }, {}));
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

test("a folder without workflows is said to be one", async () => {
  await using world = await opened({ "c.json": {} });
  await deployFolder(world.ports, world.folder);
  assert.deepEqual(world.said, ["no workflow found: expected files named *.sw.json or *.sw.yaml"]);
});
