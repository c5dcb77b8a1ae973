import { test } from "node:test";
import * as make from "../testing/build.ts";
import { given, NOW_MS } from "../testing/index.ts";

test("a sleep rests for its duration, and then goes on", () => {
  const resting = given(make.workflowOf([make.sleep("nap", "$CONST.nap")], { constants: { nap: "P1DT2H" } })).when(
    make.start(),
  );
  const dueMs = NOW_MS + 26 * 3_600_000;
  resting.then(
    make.started(),
    { type: "StateEntered", state: "nap", visit: 1 },
    { type: "TimerStarted", timer: "1.sleep", dueMs },
    { type: "TokenMoved", step: "sleep" },
  );
  resting.and
    .at(dueMs - 1)
    .when(make.reachTime)
    .then();
  resting.and
    .at(dueMs + 5)
    .when(make.reachTime)
    .then(
      { type: "TimerFired", timer: "1.sleep" },
      { type: "StateLeft", state: "nap", visit: 1 },
      { type: "InstanceCompleted" },
    );
});
