import { parseArgs } from "node:util";
import type { DeploymentKind } from "../support/deployment.ts";

const MINUTES_DEFAULT = 5;
const MINUTES_MAX = 10;
const OPTIONS = { minutes: { type: "string" }, seed: { type: "string" }, deployment: { type: "string" } } as const;

/** What a run is asked to be. */
export interface Arguments {
  readonly deployment: DeploymentKind;
  readonly seed: number;
  readonly minutes: number;
}

export const HELP = `npm run chaos -- [--minutes N] [--seed S] [--deployment kafka|embedded]
  --minutes     how long everything is disturbed: more than 0, at most ${MINUTES_MAX}; ${MINUTES_DEFAULT} if absent
  --seed        a whole number; the same one disturbs and answers in the same way; another each time if absent
  --deployment  kafka: services in processes of their own on Kafka and Redis; embedded: all in one; kafka if absent`;

/** Reads the command line. Throws an error that says what was expected and what was found. */
export function readArguments(args: readonly string[], seedOtherwise: number): Arguments {
  const values = valuesIn(args);
  const { minutes = `${MINUTES_DEFAULT}`, seed = `${seedOtherwise}`, deployment = "kafka" } = values;
  if (!(numberIn(minutes) > 0 && numberIn(minutes) <= MINUTES_MAX)) {
    throw new Error(`--minutes: expected a number above 0, at most ${MINUTES_MAX}, found ${JSON.stringify(minutes)}`);
  }
  if (!Number.isSafeInteger(numberIn(seed))) {
    throw new Error(`--seed: expected a whole number, found ${JSON.stringify(seed)}`);
  }
  if (deployment === "kafka" || deployment === "embedded") {
    return { deployment, seed: numberIn(seed), minutes: numberIn(minutes) };
  }
  throw new Error(`--deployment: expected kafka or embedded, found ${JSON.stringify(deployment)}`);
}

function valuesIn(args: readonly string[]): { readonly [Name in keyof typeof OPTIONS]?: string } {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (cause) {
    const expected = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new Error(`expected ${expected.join(", ")}, each with a value, found ${args.join(" ")}`, { cause });
  }
}

function numberIn(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
