import { parseArgs } from "node:util";
import { MUTANTS } from "./mutants/index.ts";

const SEEDS_DEFAULT = 500;
const WHOLE_NUMBER = /^\d{1,9}$/;
const USAGE = "expected --seeds N [--from N] or --seed N [--trace], and --mutant NAME with either";

/** What is asked for: many seeds one after the other, or one, told as it goes. */
export type Asked = { readonly mutant?: string } & (
  | { readonly from: number; readonly count: number }
  | { readonly seed: number; readonly trace: boolean }
);

/** Reads what stands on the command line. Throws an error that says what was expected, and what was found. */
export function readArguments(args: readonly string[]): Asked {
  const { seeds, from, seed, trace, mutant } = parse(args);
  const named = mutant === undefined ? {} : { mutant: mutantNamed(mutant) };
  if (seed === undefined) {
    if (trace !== undefined) throw new Error(`--trace: ${USAGE}; found it without --seed`);
    const count = seeds === undefined ? SEEDS_DEFAULT : wholeNumber("--seeds", seeds);
    if (count === 0) throw new Error("--seeds: expected one or more, found 0");
    return { from: from === undefined ? 1 : wholeNumber("--from", from), count, ...named };
  }
  if (seeds !== undefined || from !== undefined) throw new Error(`--seed: ${USAGE}; found it beside the other`);
  return { seed: wholeNumber("--seed", seed), trace: trace ?? false, ...named };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seeds: { type: "string" },
        from: { type: "string" },
        seed: { type: "string" },
        trace: { type: "boolean" },
        mutant: { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new Error(`${USAGE}; found ${args.join(" ")}: ${(error as Error).message}`, { cause: error });
  }
}

function wholeNumber(name: string, text: string): number {
  if (WHOLE_NUMBER.test(text)) return Number(text);
  throw new Error(`${name}: expected a whole number of up to nine digits, found ${JSON.stringify(text)}`);
}

/** The one whose name contains a text. */
function mutantNamed(text: string): string {
  const found = MUTANTS.filter(({ name }) => name.includes(text));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first.name;
  const names = (found.length === 0 ? MUTANTS : found).map(({ name }) => `\n  ${name}`);
  throw new Error(`--mutant: expected a part of one of these names, found ${JSON.stringify(text)}:${names.join("")}`);
}
