import assert from "node:assert/strict";
import { test } from "node:test";
import { DECISION_BYTES_MAX, decideBatch } from "./decide-batch.ts";
import type { Domain } from "./domain.ts";
import { Fold } from "./fold.ts";

const domain: Domain<{ readonly chars: number }, number, { readonly text: string }> = {
  inputTopic: "inputs",
  factTopic: "facts",
  absent: { chars: 0 },
  read: () => ({ key: "a", input: 0 }),
  decide: (_, input) => (typeof input === "number" ? [{ text: "x".repeat(input) }] : []),
  evolve: (_, { text }) => ({ chars: text.length }),
  dueMs: () => undefined,
  fail: (_, { code }) => [{ text: code }],
  answers: () => [],
};

function decided(chars: number) {
  const fold = new Fold(domain, { count: 10, units: 1_000 }, null, null, { facts: 0, inputs: 0 });
  fold.entities.remember("a", null);
  const items = [{ kind: "input", offset: 0, received: { key: "a", input: chars } }] as const;
  const [one] = decideBatch(domain, fold, items, 0).decided;
  return one ?? assert.fail("expected a decision");
}

test("a decision of one byte less than the limit, and of exactly that, is recorded; of one more, its entity fails", () => {
  const exact = DECISION_BYTES_MAX - decided(0).sizeBytes;
  assert.deepEqual(
    [-1, 0, 1].map((more) => decided(exact + more)).map(({ after, sizeBytes }) => [after?.chars, sizeBytes]),
    [
      [exact - 1, DECISION_BYTES_MAX - 1],
      [exact, DECISION_BYTES_MAX],
      ["too-large".length, decided("too-large".length).sizeBytes],
    ],
  );
});

const from = { topic: "t", partition: 0, offset: 1, index: 0 };
const reply = { gateway: "g", request: "r" };

/** What is recorded for inputs to "a"; an input that is no length has nothing come of it. */
function recorded(...inputs: readonly object[]) {
  const fold = new Fold(quiet, { count: 10, units: 1_000 }, null, null, { facts: 0, inputs: 0 });
  fold.entities.remember("a", null);
  const items = inputs.map((given, offset) =>
    "kind" in given
      ? ({ kind: "due", key: "a" } as const)
      : ({ kind: "input", offset, received: { key: "a", input: 0, ...given } } as const),
  );
  return decideBatch(quiet, fold, items, 0).decided.map(({ key, decision }) => ({ key, ...decision }));
}

const quiet: typeof domain = {
  ...domain,
  decide: (_, input) => (typeof input === "number" && input > 0 ? [{ text: "x" }] : []),
};

test("inputs of which nothing came are recorded by one position, or by that of the next that is recorded", () => {
  assert.deepEqual(recorded({}, {}), [{ key: null, input: 1, events: [], atMs: 0 }]);
  assert.deepEqual(recorded({}, { input: 1 }), [{ key: "a", input: 1, events: [{ text: "x" }], atMs: 0 }]);
});

test("an input of which nothing came is recorded all the same if a relay sent it, or somebody waits for an answer", () => {
  assert.deepEqual(recorded({ from }), [{ key: "a", input: 0, from, events: [], atMs: 0 }]);
  assert.deepEqual(recorded({ reply }), [{ key: "a", input: 0, reply, events: [], atMs: 0 }]);
});

test("a time of which nothing came is not recorded", () => {
  assert.deepEqual(recorded({ kind: "due" }), []);
});

test("where a decision throws the domain says what happens instead; if it says nothing, or throws as well, the input is rejected", () => {
  const throwing = (fail: typeof domain.fail): readonly unknown[] => {
    const failing: typeof domain = {
      ...domain,
      decide() {
        throw new Error("no");
      },
      fail,
    };
    const fold = new Fold(failing, { count: 10, units: 1_000 }, null, null, { facts: 0, inputs: 0 });
    fold.entities.remember("a", null);
    const item = { kind: "input", offset: 7, received: { key: "a", input: 1, from, reply } } as const;
    return decideBatch(failing, fold, [item], 5).decided.map(({ decision, after, failure }) => [
      decision,
      after,
      failure,
    ]);
  };
  const origin = { input: 7, from, reply, atMs: 5 };
  const failure = { code: "undecidable", message: "no" } as const;
  assert.deepEqual(
    throwing((_, { code }, nowMs, input) => [{ text: `${code} ${nowMs} ${input}` }]),
    [[{ ...origin, events: [{ text: "undecidable 5 1" }] }, { chars: 15 }, failure]],
  );
  const rejected = [[{ ...origin, events: [], rejected: { reason: "no", value: "1" } }, undefined, undefined]];
  assert.deepEqual(
    throwing(() => []),
    rejected,
  );
  const again = (): never => {
    throw new Error("again");
  };
  assert.deepEqual(throwing(again), rejected);
});
