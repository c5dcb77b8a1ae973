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
  const fold = new Fold(domain, 10, null, null, { facts: 0, inputs: 0 });
  fold.remember("a", null);
  const [one] = decideBatch(domain, fold, [{ kind: "input", offset: 0, received: { key: "a", input: chars } }], 0);
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
