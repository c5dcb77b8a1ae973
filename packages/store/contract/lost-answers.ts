import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreUnavailableError } from "../errors.ts";
import type { CommitFate, OpenHarness } from "./harness.ts";
import { commitOf, lines } from "./steps.ts";

/** Commits of which nobody can say whether they took effect, until somebody looks. */
export function testLostAnswers(open: OpenHarness): void {
  const begin = commitOf(null, 1, { values: new Map([["a", "1"]]), added: lines("due", "x") });
  const next = commitOf(1, 2, { values: new Map([["a", "2"]]), added: lines("due", "y"), removed: lines("due", "x") });
  const before = { loaded: { position: 1, values: ["1"] }, due: ["x"] };
  const afterwards = { loaded: { position: 2, values: ["2"] }, due: ["y"] };

  for (const fate of ["landed", "not landed"] satisfies CommitFate[]) {
    test(`a commit whose answer was lost throws, and a load tells that it ${fate === "landed" ? "landed" : "did not land"}`, async () => {
      await using harness = await open();
      await harness.store.commit("s/0", begin);
      harness.loseNextAnswer(fate);
      await assert.rejects(harness.store.commit("s/0", next), StoreUnavailableError);
      const found = {
        loaded: await harness.store.load("s/0", ["a"]),
        due: await harness.store.scan("s/0", "due", { limit: 9 }),
      };
      assert.deepEqual(found, fate === "landed" ? afterwards : before);
      assert.equal(await harness.store.commit("s/0", next), fate === "landed" ? "conflict" : "committed");
      assert.deepEqual(await harness.store.load("s/0", ["a"]), afterwards.loaded);
    });
  }
}
