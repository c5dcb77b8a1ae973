import type { Problem } from "../model.ts";
import { nearestName } from "./nearest-name.ts";
import type { Place } from "./node.ts";

/** How many problems are told; whoever has as many does not read on. */
const PROBLEMS_MAX = 1000;

/** A name that means nothing, and those that do, of which it may be a misspelling. */
export interface Misspelt {
  readonly name: string | undefined;
  readonly among: Iterable<string>;
}

/** What is wrong in the files of one reading. Reading goes on after a problem, so that all are told at once. */
export class Problems {
  readonly #found: Problem[] = [];

  /** `expected` and `found` complete the sentence "expected …, found …"; names in them stand in quotes. */
  report(place: Place, expected: string, found: string, misspelt?: Misspelt): void {
    const { file, line, column, pointer } = place;
    if (this.#found.length < PROBLEMS_MAX) {
      const suggestion = misspelt?.name === undefined ? undefined : nearestName(misspelt.name, misspelt.among);
      const problem = { file, line, column, pointer, expected, found };
      this.#found.push(suggestion === undefined ? problem : { ...problem, suggestion });
    } else if (this.#found.length === PROBLEMS_MAX) {
      this.#found.push({ file, line, column, pointer, expected: `at most ${PROBLEMS_MAX} problems`, found: "more" });
    }
  }

  /** In the order of the files' names and of their lines. */
  list(): readonly Problem[] {
    return this.#found.toSorted(byPlace);
  }
}

/** Orders problems by the names of their files, then by line. */
export function byPlace(a: Problem, b: Problem): number {
  return compare(a.file, b.file) || a.line - b.line || a.column - b.column;
}

/** Problems as a terminal shows them, one a line; empty if there are none. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join("\n");
}

function formatProblem({ file, line, column, pointer, expected, found, suggestion }: Problem): string {
  const place = [`${file}:${line}:${column}`, pointer].filter((part) => part !== "").join(" ");
  const hint = suggestion === undefined ? "" : `; did you mean ${JSON.stringify(suggestion)}?`;
  return `${place}: expected ${expected}, found ${found}${hint}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
