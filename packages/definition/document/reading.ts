import type { ExpressionLanguage } from "../check-expression.ts";
import type { Place } from "./node.ts";
import type { Misspelt, Problems } from "./problems.ts";
import type { Sources } from "./sources.ts";

/** Another workflow that one names, and where. */
export interface WorkflowReference {
  readonly workflow: string;
  readonly place: Place;
}

/** What one reading of a workflow and the files it refers to shares. */
export interface Reading {
  readonly sources: Sources;
  readonly problems: Problems;
  /** What is read over, and would surprise whoever wrote it. */
  readonly notes: Problems;
  /** What expressions are written in. */
  readonly language: ExpressionLanguage;
  /** Read over members that nobody knows, as SonataFlow does, without a word or a guess: `antiphon.compatibility=sonataflow`. */
  readonly asSonataFlow: boolean;
  /**
   * Take what SonataFlow takes, and fails of only where it is reached: so it is with `asSonataFlow`, and for what was
   * deployed before, whatever is refused by now.
   */
  readonly isLenient: boolean;
  /** The workflows that it names, filled while states are read. */
  readonly workflows: WorkflowReference[];
  /** How many parts of schemas were written out, with all that they refer to. */
  readonly schemaParts: { count: number };
  /** What `once` has found out, by the function that did and by what it is about. */
  readonly found: Map<unknown, Map<unknown, unknown>>;
}

/**
 * What a function finds in a part of a document, or in a file: it is asked once in a reading, as thousands of functions
 * may name operations of one document. It must be the same function each time, and none that is made in place.
 */
export function once<Subject, Found>(
  find: (subject: Subject, reading: Reading) => Found,
  subject: Subject,
  reading: Reading,
): Found {
  const known = reading.found.get(find) ?? new Map<unknown, unknown>();
  reading.found.set(find, known);
  if (!known.has(subject)) known.set(subject, find(subject, reading));
  return known.get(subject) as Found;
}

/** Reports what SonataFlow would deploy, and fail of where it is reached: a problem, or, where that is taken here, a note. */
export function reportLate(
  { isLenient, problems, notes }: Pick<Reading, "isLenient" | "problems" | "notes">,
  place: Place,
  expected: string,
  found: string,
  misspelt?: Misspelt,
): void {
  (isLenient ? notes : problems).report(place, expected, found, misspelt);
}
