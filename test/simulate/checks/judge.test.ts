import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "@antiphon/engine";
import { topics } from "@antiphon/protocol";
import { viewSpace } from "@antiphon/views";
import { type Ended, run } from "../run.ts";
import { callbackProblems } from "./callbacks.ts";
import { DOMAINS } from "./domains.ts";
import { judge } from "./judge.ts";
import { outcomeProblems } from "./outcomes.ts";
import { factsIn, type Logs, logsOf } from "./partition-facts.ts";
import { relayProblems } from "./relays.ts";
import { replay } from "./replay.ts";
import { waitProblems } from "./waits.ts";

const SEED = 5;

/** What is found in a run that went well when something has been done to how it ended. */
async function found(tamper: (ended: Ended) => Promise<readonly string[]>): Promise<string> {
  let problems: readonly string[] | undefined;
  await run(SEED, async (ended) => {
    problems ??= await tamper(ended);
    return [];
  });
  return (problems ?? []).join("\n");
}

/** The histories up to where an instance opened its first wait. */
function upToFirstWait({ history, correlations }: Logs): Logs {
  const cut = history.map(({ partition, facts }) => {
    const at = facts.findIndex(({ decision }) => decision.events.some(({ type }) => type === "EventAwaited"));
    return { partition, facts: facts.slice(0, at + 1) };
  });
  return { history: cut, correlations };
}

function statesIn({ broker }: Ended, { history }: Logs): ReadonlyMap<string, Instance> {
  const replayed = history.map(({ partition, facts }) =>
    replay(DOMAINS.instances, factsIn(broker, topics.commands, partition), facts),
  );
  return new Map(replayed.flatMap(({ entities }) => [...entities].map(([id, { state }]) => [id, state] as const)));
}

test("nothing is found where nothing was done", async () => {
  assert.equal(await found(judge), "");
});

test("a wait that is left open, its token, and its instance are found", async () => {
  const problems = await found(async (ended) => {
    const cut = upToFirstWait(logsOf(ended.broker));
    const states = statesIn(ended, cut);
    const { tally } = ended.outside;
    return [
      ...waitProblems(cut),
      ...callbackProblems(states, cut),
      ...relayProblems(ended.broker, cut),
      ...outcomeProblems(states, tally.started, cut, tally),
    ];
  });
  assert.match(problems, /^wait .* is left open$/m);
  assert.match(problems, /^the token of wait .* is still good: EventReceived/m);
  assert.match(problems, /^a relay's message was taken in that nobody has sent: /m);
  assert.match(problems, /^instance \S+ was never started$/m);
  assert.match(problems, /^instance \S+ of \S+ is active$/m);
});

test("an event that was sent and did not come, and an instance that was ordered and is not there, are found", async () => {
  const problems = await found(async (ended) => {
    const { tally } = ended.outside;
    tally.sent({ event: { specversion: "1.0", id: "lost", source: "outside", type: "paid" }, by: "key" });
    tally.started.push("nobody");
    return await judge(ended);
  });
  assert.match(problems, /^event outside lost is gone without a trace$/m);
  assert.match(problems, /^\d+ events were received, and \d+ have a disposition$/m);
  assert.match(problems, /^instance nobody was never started$/m);
  assert.match(problems, /^the audit says .*"received":(\d+)/m);
});

test("a decision that lies in the log twice is found", async () => {
  const problems = await found(async (ended) => {
    const { broker } = ended;
    const [record] = broker.fetch(topics.history, 0, 0, 1).messages;
    const text = (value: unknown): string => String(value);
    // Without a stamp it counts wherever it lies.
    broker.produce(topics.history, 0, [{ key: text(record?.key), value: text(record?.value), headers: {} }]);
    return await judge(ended);
  });
  assert.match(problems, /^antiphon\.history at \d+ of \S+: input 0 was taken twice$/m);
});

test("an input that nobody has taken is found", async () => {
  const problems = await found(async (ended) => {
    const { broker } = ended;
    broker.produce(topics.commands, 0, [{ key: "i", value: "{}", headers: {} }]);
    return await judge(ended);
  });
  assert.match(problems, /^antiphon\.commands\/0 was read up to \d+, expected \d+$/m);
});

test("a store that has lost its views, or its states, is found", async () => {
  for (const space of [viewSpace(topics.history, 0), `${topics.history}/0`]) {
    const problems = await found(async (ended) => {
      await ended.redis.held.wipe(space);
      return await judge(ended);
    });
    assert.ok(problems.includes(space), `expected a problem with ${space}, found ${problems.slice(0, 500)}`);
  }
});
