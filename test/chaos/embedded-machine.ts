import { setTimeout as sleep } from "node:timers/promises";
import { startDeployment } from "../support/deployment.ts";
import type { Machine } from "./disturbance.ts";

const AWAY_MS_MAX = 1_000;

/** Everything in one process, which is killed again and again, and sometimes loses its store. */
export async function startEmbeddedMachine(workflows: string, env: Readonly<Record<string, string>>): Promise<Machine> {
  const deployment = await startDeployment("embedded", { workflows, env });
  return {
    urls: [deployment.url],
    kafkaBrokers: undefined,
    prefix: "",
    disturbances: [
      {
        name: "kill",
        async strike(random) {
          await deployment.kill("standalone");
          const awayMs = random.between(0, AWAY_MS_MAX);
          await sleep(awayMs);
          await deployment.restart("standalone");
          return `killed, away for ${awayMs} ms`;
        },
      },
      {
        name: "store lost",
        async strike() {
          await deployment.loseStore();
          return "killed, its store lost";
        },
      },
    ],
    settle: async () => {},
    logs: () => deployment.logs(),
    [Symbol.asyncDispose]: () => deployment[Symbol.asyncDispose](),
  };
}
