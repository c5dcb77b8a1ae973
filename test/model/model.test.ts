import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { explore } from "./explore.ts";
import { MUTANTS, type Mutant } from "./mutants.ts";
import { SCENARIOS } from "./scenarios.ts";

/** The least states that are seen in all, so that no scenario becomes one that shows nothing. */
const STATES_MIN = 100_000;

describe("in every order of what can happen, each wait is resolved at most once, and each event has one fate", () => {
  let states = 0;
  for (const scenario of SCENARIOS) {
    test(scenario.name, (t) => {
      const explored = explore(scenario);
      states += explored.states;
      t.diagnostic(`${explored.states} states, in ${explored.quiet} of which nothing is on the way`);
      assert.deepEqual(explored.counterexample, undefined);
      assert.ok(explored.quiet > 1, "expected the world to come to rest");
    });
  }
  test("the scenarios together are not few", (t) => {
    t.diagnostic(`model: ${states} states of ${SCENARIOS.length} scenarios`);
    assert.ok(states >= STATES_MIN, `expected at least ${STATES_MIN} states, found ${states}`);
  });
});

describe("code with one thing wrong in it is found out", () => {
  for (const mutant of MUTANTS) {
    test(mutant.name, (t) => {
      const found = firstCounterexample(mutant);
      assert.ok(found !== undefined, "expected a state that breaks a guarantee, found none");
      t.diagnostic(`${found.problem}, in ${found.steps.length - 1} steps (${found.scenario})`);
    });
  }
});

function firstCounterexample({ code }: Mutant) {
  for (const scenario of SCENARIOS) {
    const { counterexample } = explore(scenario, code);
    if (counterexample !== undefined) return { ...counterexample, scenario: scenario.name };
  }
  return undefined;
}
