import { LOG_MUTANTS } from "./log-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { STORE_MUTANTS } from "./store-mutants.ts";

export type { Mutant } from "./mutant.ts";

/** All are found out, each within 500 seeds. */
export const MUTANTS: readonly Mutant[] = [...LOG_MUTANTS, ...STORE_MUTANTS];
