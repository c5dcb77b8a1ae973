import type { Json } from "@antiphon/protocol";
import type { Run } from "../run.ts";
import { fail, shownInPath } from "../values/text.ts";

/** Where a value was found in the input: a list of keys from the last to the first. */
export interface Path {
  readonly up: Path | null;
  readonly key: Json;
}

/** The path of the input itself. It has no key; null is no place to begin, because null is "nowhere". */
export const ROOT: Path = { up: null, key: null };

/** The keys of a path, the first one first. */
export function keysOf(path: Path, run: Run): Json[] {
  const keys: Json[] = [];
  for (let at = path; at.up !== null; at = at.up) keys.push(at.key);
  run.charge(1 + keys.length);
  return keys.reverse();
}

/** The path to a key below a value; a value that was computed is nowhere, and nothing is found in it. */
export function below(path: Path | null, key: Json, value: Json, run: Run): Path {
  if (path !== null) return { up: path, key };
  return fail(
    `Invalid path expression near attempt to access element ${shownInPath(key, run)} of ${shownInPath(value, run)}`,
  );
}

/** Refuses to go through a value that was computed. */
export function mustBeFound(path: Path | null, value: Json, run: Run): Path {
  return path ?? fail(`Invalid path expression near attempt to iterate through ${shownInPath(value, run)}`);
}

/** Refuses a value that was computed as the result of a path expression. */
export function found(path: Path | null, value: Json, run: Run): Path {
  return path ?? fail(`Invalid path expression with result ${shownInPath(value, run)}`);
}
