import type { Problem } from "../model.ts";
import { nearestName } from "./nearest-name.ts";
import type { Place } from "./node.ts";

/** How many problems are told, and how long they may be together, in UTF-16 units; whoever has as many does not read on. */
export const PROBLEMS_MAX = 1000;
export const PROBLEMS_LENGTH_MAX = 1_000_000;

/** How many of them come with a name that was perhaps meant, which is looked for among all that there are. */
const SUGGESTIONS_MAX = 100;

/** A name that means nothing, and those that do, of which it may be a misspelling. */
export interface Misspelt {
  readonly name: string | undefined;
  readonly among: Iterable<string>;
}

/** What is wrong in the files of one reading. Reading goes on after a problem, so that all are told at once. */
export class Problems {
  readonly #found: Problem[] = [];
  #length = 0;
  /** The first that is not told, and how many there are of those. */
  #next: Place | undefined;
  #untold = 0;

  /** `expected` and `found` complete the sentence "expected …, found …"; names in them stand in quotes. */
  report(place: Place, expected: string, found: string, misspelt?: Misspelt): void {
    const { file, line, column, pointer } = place;
    const length = pointer.length + expected.length + found.length;
    if (this.#untold > 0 || this.#found.length === PROBLEMS_MAX || this.#length + length > PROBLEMS_LENGTH_MAX) {
      this.#next ??= place;
      this.#untold += 1;
      return;
    }
    this.#length += length;
    const isToSuggest = misspelt?.name !== undefined && this.#found.length < SUGGESTIONS_MAX;
    const suggestion = isToSuggest ? nearestName(misspelt.name, misspelt.among) : undefined;
    const problem = { file, line, column, pointer, expected, found };
    this.#found.push(suggestion === undefined ? problem : { ...problem, suggestion });
  }

  /** Whether there is any. */
  get isEmpty(): boolean {
    return this.#found.length === 0 && this.#untold === 0;
  }

  /** In the order of the files' names and of their lines; last, how many more there are. */
  list(): readonly Problem[] {
    const told = this.#found.toSorted(byPlace);
    if (this.#next === undefined) return told;
    const { file, line, column } = this.#next;
    const expected = told.length === 0 ? "a problem that can be told" : `at most ${told.length} problems`;
    return [...told, { file, line, column, pointer: "", expected, found: `${this.#untold} more` }];
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
