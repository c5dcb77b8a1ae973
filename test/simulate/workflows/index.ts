import { chain, link } from "./chained.ts";
import { announced, byId, byKey, byToken, eitherThenBoth } from "./waiting.ts";
import { child, family, fragile, mended, trip } from "./working.ts";

/** By their ids. */
export const WORKFLOWS: Readonly<Record<string, object>> = {
  "by-token": byToken,
  "by-id": byId,
  "by-key": byKey,
  announced,
  "either-then-both": eitherThenBoth,
  trip,
  family,
  child,
  mended,
  fragile,
  chain,
  link,
};

/** The topics on which workflows ask services. */
export const QUESTION_TOPICS: readonly string[] = ["by-id.asked", "by-key.asked", "child.asked"];
