import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { skipWithoutBroker } from "../support/kafka-broker.ts";
import { skipWithoutRedis } from "../support/redis-server.ts";
import { runName, runs } from "../support/repeat.ts";
import { runChaos } from "./chaos-run.ts";
import { figureLines } from "./figures.ts";
import { writeLogs } from "./logs.ts";

/** How long each is disturbed; the long form is `npm run chaos`. */
const DISTURBED_MS = { embedded: 12_000, kafka: 20_000 } as const;
/** Another seed each time, unless one is asked for. */
const SEED = Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000);

const skip = (await skipWithoutBroker()) || ((await skipWithoutRedis()) ?? false);

for (const run of runs()) {
  test(`whatever is killed in one process, every event and every instance is accounted for${runName(run)}`, (context) =>
    disturbed(context, "embedded", SEED + run - 1));

  test(
    `whatever is killed, held still, emptied or restarted on Kafka and Redis, every event and every instance is accounted for${runName(run)}`,
    {
      skip,
    },
    (context) => disturbed(context, "kafka", SEED + run - 1),
  );
}

async function disturbed(context: TestContext, kind: "embedded" | "kafka", seed: number): Promise<void> {
  const lines: string[] = [];
  const { problems, figures, logs } = await runChaos(kind, seed, DISTURBED_MS[kind], (line) => lines.push(line));
  context.diagnostic(`${kind}, seed ${seed}: ${figures && figureLines(figures).join("; ")}`);
  if (problems.length > 0) console.error(`${lines.join("\n")}\nlogs: ${writeLogs(kind, seed, logs)}`);
  const again = `--deployment ${kind} --seed ${seed} --minutes ${(DISTURBED_MS[kind] / 60_000).toFixed(2)}`;
  assert.deepEqual(problems, [], `npm run chaos -- ${again}`);
}
