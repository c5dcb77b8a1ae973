import { JSON_DEPTH_MAX } from "@antiphon/protocol";
import type { LineCounter, YAMLError } from "yaml";
import type { Place } from "./node.ts";
import { quote } from "./node.ts";
import type { Problems } from "./problems.ts";

/** How many syntax errors of one file are told: one that is not understood makes nonsense of what follows. */
const SYNTAX_PROBLEMS_MAX = 3;

/** Reports what the parser of YAML had to say. */
export function reportYamlErrors(
  file: string,
  errors: readonly YAMLError[],
  lines: LineCounter,
  problems: Problems,
): void {
  // The parser calls itself for each level, until it cannot.
  if (errors.some(({ message }) => /call stack/.test(message))) {
    problems.report({ file, line: 1, column: 1, pointer: "" }, `at most ${JSON_DEPTH_MAX} levels of nesting`, "more");
    return;
  }
  for (const { message, pos } of errors.slice(0, SYNTAX_PROBLEMS_MAX)) {
    const { line, col } = lines.linePos(pos[0]);
    const place = { file, line, column: col, pointer: "" };
    problems.report(place, "YAML", `something else (${message})`);
  }
}

/** Reports that a text is not JSON; false if it is. */
export function reportIfNotJson(file: string, text: string, problems: Problems): boolean {
  const message = jsonError(text);
  if (message === undefined) return false;
  const offset = offsetIn(message) ?? offsetOfUnexpected(text);
  const found = offset < text.length ? quote(text.charAt(offset)) : "the end";
  const expected = /^Expected (.*?) in JSON at/s.exec(message)?.[1];
  const reason = /^(.*?) in JSON at/s.exec(message)?.[1];
  if (expected !== undefined) problems.report(placeAt(file, text, offset), expected, found);
  else problems.report(placeAt(file, text, offset), "JSON", reason === undefined ? found : `${found} (${reason})`);
  return true;
}

function placeAt(file: string, text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, pointer: "" };
}

function jsonError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function offsetIn(message: string): number | undefined {
  const position = /at position (\d+)/.exec(message)?.[1];
  return position === undefined ? undefined : Number(position);
}

/** `JSON.parse` does not say where an unexpected token is: it is the last of the shortest beginning that cannot go on. */
function offsetOfUnexpected(text: string): number {
  let [canGoOn, cannot] = [0, text.length + 1];
  while (cannot - canGoOn > 1) {
    const middle = Math.floor((canGoOn + cannot) / 2);
    if (isBeginningOfJson(text.slice(0, middle))) canGoOn = middle;
    else cannot = middle;
  }
  return cannot - 1;
}

function isBeginningOfJson(text: string): boolean {
  const message = jsonError(text);
  if (message === undefined || message.includes("end of JSON input")) return true;
  const offset = offsetIn(message);
  return offset !== undefined && offset >= text.length;
}
