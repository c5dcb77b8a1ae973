import type { ExpressionLanguage } from "../check-expression.ts";
import type { Place } from "./node.ts";
import type { Problems } from "./problems.ts";
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
  /** The workflows that it names, filled while states are read. */
  readonly workflows: WorkflowReference[];
}
