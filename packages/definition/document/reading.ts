import type { Problems } from "./problems.ts";
import type { Sources } from "./sources.ts";

/** What one reading of a workflow and the files it refers to shares. */
export interface Reading {
  readonly sources: Sources;
  readonly problems: Problems;
  /** Read over what SonataFlow reads over, instead of refusing it: `antiphon.compatibility=sonataflow`. */
  readonly asSonataFlow: boolean;
}
