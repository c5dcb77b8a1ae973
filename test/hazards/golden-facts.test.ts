import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { topics } from "@antiphon/protocol";
import { COMMANDS, DECISION_MEMBERS, INSTANCE_FACTS, KEY_FACTS, KEY_INPUTS } from "./golden/facts/kinds.ts";
import { factsOf, type Recording, recordings, startsOf, valuesOf } from "./golden/facts/recording.ts";
import { FactsWorld, type Recorded, type States } from "./golden/facts/world.ts";

const { history, correlations, commands, correlation } = topics;

describe("every kind of fact and command is in a recording", () => {
  const all = recordings().map(({ recording }) => recording);
  const typesIn = (found: (recording: Recording) => readonly { readonly [name: string]: unknown }[]) =>
    new Set(all.flatMap((recording) => found(recording).map(({ type }) => type)));
  const decided = all.flatMap((one) => [...valuesOf(one, history), ...valuesOf(one, correlations)]);
  const rows: readonly (readonly [string, object, ReadonlySet<unknown>])[] = [
    ["facts about instances", INSTANCE_FACTS, typesIn((one) => factsOf(one, history))],
    ["facts about keys", KEY_FACTS, typesIn((one) => factsOf(one, correlations))],
    ["orders to instances", COMMANDS, typesIn((one) => valuesOf(one, commands))],
    ["inputs of keys", KEY_INPUTS, typesIn((one) => valuesOf(one, correlation))],
    ["what decisions say", DECISION_MEMBERS, new Set(decided.flatMap((decision) => Object.keys(decision)))],
  ];
  for (const [what, kinds, recorded] of rows) {
    test(what, () => {
      assert.deepEqual(
        Object.keys(kinds).filter((kind) => !recorded.has(kind)),
        [],
        "of these none is recorded: have test/hazards/golden/facts/course.ts bring them about, and record once more",
      );
    });
  }

  test("a long decision that goes on in slices", () => {
    const timers = all.flatMap((one) => factsOf(one, history)).filter(({ type }) => type === "TimerStarted");
    assert.ok(timers.some(({ slice }) => slice !== undefined));
  });
});

for (const { name, recording } of recordings()) {
  describe(`facts as an earlier release wrote them: ${name}`, () => {
    test("are folded to the states that they were", async () => {
      await using world = await FactsWorld.restore(recording.records, recording.untilMs);
      assert.deepEqual(await world.states(), recording.states);
      assert.deepEqual(world.warnings, []);
      assert.deepEqual(writtenBeyond(recording, await world.records()), [], "nothing is decided anew");
    });

    test("are folded from the copies of what was alive, when what lies before them is truncated", async () => {
      const starts = startsOf(recording);
      for (const topic of [history, correlations]) assert.ok((starts[topic] ?? 0) > 0, `${topic} is truncated`);
      await using world = await FactsWorld.restore(recording.records, recording.untilMs, starts);
      assert.deepEqual(await world.states(), alivePast(recording, starts));
      assert.deepEqual(world.warnings, []);
    });
  });
}

function writtenBeyond({ records }: Recording, found: readonly Recorded[]): readonly Recorded[] {
  const countOf = (all: readonly Recorded[], topic: string) => all.filter((one) => one.topic === topic).length;
  return [history, correlations].flatMap((topic) =>
    found.filter((one) => one.topic === topic).slice(countOf(records, topic)),
  );
}

/** The states of those of which a log that begins there says anything. */
function alivePast({ records, states }: Recording, starts: Readonly<Record<string, number>>): States {
  const entries = Object.entries(states).map(([topic, all]) => {
    const left = records.filter((one) => one.topic === topic).slice(starts[topic]);
    const keys = new Set(left.map(({ key }) => key));
    return [topic, Object.fromEntries(Object.entries(all).filter(([key]) => keys.has(key)))] as const;
  });
  return Object.fromEntries(entries);
}
