import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, compile, decide, evolve, type Input, type Instance } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, NOW_MS } from "../testing/index.ts";

const schema = { type: "object", required: ["n"] };
const conforms = (_: object, data: unknown) =>
  Object.hasOwn(data as object, "n") ? undefined : "expected a member n, found none";

function run(failOnValidationErrors: boolean, keepActive: boolean, ...inputs: readonly Input[]): Instance {
  const workflow = compile(
    make.workflowOf([make.inject("a", {}, { output: ".out" })], {
      dataOutputSchema: { schema, failOnValidationErrors },
      keepActive,
    }),
  );
  const env = { ...environmentAt(NOW_MS), conforms };
  return inputs.reduce<Instance>(
    (state, input) => decide(workflow, state, input, env).reduce((one, fact) => evolve(one, fact, NOW_MS), state),
    absent,
  );
}

test("data that is not as the output schema wants it is a failure at the end, where it can be repaired", () => {
  const failed = run(true, false, make.start({ out: { m: 1 } }));
  assert.deepEqual(make.outcomeOf(failed), ["faulted", { out: { m: 1 } }]);
  assert.deepEqual(failed.status === "faulted" && [failed.error.code, failed.error.message, failed.tokens], [
    "output-schema",
    "expected a member n, found none",
    { main: { state: "a", visit: 1, step: "leave" } },
  ]);
  const repair: Input = { type: "ReplaceData", instance: "i-1", data: { out: { n: 1 } } };
  const mended = run(true, false, make.start({ out: { m: 1 } }), repair, make.retrigger);
  assert.deepEqual(make.outcomeOf(mended), ["completed", { n: 1 }]);
});

test("an output schema that only warns, or an instance that is kept active, lets the data be", () => {
  assert.deepEqual(make.outcomeOf(run(false, false, make.start({ out: {} }))), ["completed", {}]);
  assert.deepEqual(make.outcomeOf(run(true, true, make.start({ out: {} }))), ["active", {}]);
});
