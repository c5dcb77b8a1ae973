import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "@antiphon/definition";
import { formatJson, type Json } from "@antiphon/protocol";
import { AsideReader, READS_WAITING_MAX } from "./read-aside.ts";

function bundle(document: object) {
  return { path: "w.sw.json", files: { "w.sw.json": JSON.stringify(document) } };
}

const GOOD = bundle({ id: "good", start: "a", states: [{ name: "a", type: "inject", data: { n: 1 }, end: true }] });

/** Takes much longer to read than a moment, whatever the machine. */
function large() {
  const states = Array.from({ length: 20_000 }, (_, i) => ({
    name: `s${i}`,
    type: "inject",
    data: { ü: i },
    end: true,
  }));
  return bundle({ id: "large", start: "s0", states });
}

test("a bundle is read in another thread as it would be here, and the thread is used again", async () => {
  await using reader = new AsideReader(60_000);
  const good = await reader.read(GOOD, {});
  assert.deepEqual([good.definition?.id, good.problems, good.schemaProblems], ["good", [], []]);
  const wrong = await reader.read(bundle({ id: "wrong" }), {});
  assert.equal(wrong.definition, undefined);
  assert.match(formatProblems(wrong.problems), /start: expected/);
  const schema = await reader.read(
    bundle({ ...JSON.parse(GOOD.files["w.sw.json"]), dataInputSchema: { type: "no type" } }),
    {},
  );
  assert.ok(schema.definition === undefined || schema.schemaProblems.length > 0);
});

test("numbers that JavaScript's own cannot hold come back with all of their digits", async () => {
  await using reader = new AsideReader(60_000);
  const text =
    '{"id": "n", "start": "a", "states": [{"name": "a", "type": "inject", "data": {"n": 68.0, "m": 12345678901234567890}, "end": true}]}';
  const { definition, problems } = await reader.read({ path: "w.sw.json", files: { "w.sw.json": text } }, {});
  assert.deepEqual(problems, []);
  assert.match(formatJson(definition as unknown as Json), /"n":68\.0,"m":12345678901234567890/);
});

test("a bundle that takes too long is a problem that says so, this process goes on meanwhile, and the next one is read", async () => {
  await using reader = new AsideReader(1);
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);
  const late = await reader.read(large(), {});
  clearInterval(ticking);
  assert.match(
    formatProblems(late.problems),
    /^w\.sw\.json:1:1: expected a definition that can be read .*, found one of which it takes longer than 1 ms$/,
  );
  assert.ok(turns > 0);
  await using patient = new AsideReader(60_000);
  assert.equal((await patient.read(GOOD, {})).definition?.id, "good");
});

test("more bundles than may wait are turned away", async () => {
  await using reader = new AsideReader(60_000);
  const reads = Array.from({ length: READS_WAITING_MAX }, () => reader.read(GOOD, {}));
  await assert.rejects(reader.read(GOOD, {}), /16 definitions wait to be read already/);
  assert.equal(
    (await Promise.all(reads)).every(({ definition }) => definition?.id === "good"),
    true,
  );
  assert.equal((await reader.read(GOOD, {})).definition?.id, "good");
});
