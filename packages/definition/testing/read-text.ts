import { formatProblems } from "../document/problems.ts";
import type { Definition, Problem } from "../model.ts";
import { readDefinition } from "../read-definition.ts";

/** The file that a workflow under test stands in. */
export const WORKFLOW = "test.sw.yaml";

interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** The definition in a text; throws if there are problems. */
export function definitionIn(text: string, given: Given = {}): Definition {
  return readWell(text, given).definition;
}

/** The problems in a text, as a terminal shows them, without the name of the workflow's file. */
export function problemsIn(text: string, given: Given = {}): readonly string[] {
  return linesOf(read(text, given).problems);
}

/** What is noted of a text, in the same form; throws if there are problems. */
export function notesIn(text: string, given: Given = {}): readonly string[] {
  return linesOf(readWell(text, given).notes);
}

function linesOf(problems: readonly Problem[]): readonly string[] {
  const lines = formatProblems(problems).split("\n");
  return lines.filter((line) => line !== "").map((line) => line.replace(`${WORKFLOW}:`, ""));
}

function readWell(text: string, given: Given) {
  const found = read(text, given);
  if (found.definition !== undefined) return found;
  throw new Error(`expected a definition, found problems:\n${formatProblems(found.problems)}`);
}

function read(text: string, { files = {}, env = {} }: Given) {
  return readDefinition({ path: WORKFLOW, files: { ...files, [WORKFLOW]: text } }, env);
}
