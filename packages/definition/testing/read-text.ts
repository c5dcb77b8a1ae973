import { formatProblems } from "../document/problems.ts";
import type { Definition } from "../model.ts";
import { readDefinition } from "../read-definition.ts";

/** The file that a workflow under test stands in. */
export const WORKFLOW = "test.sw.yaml";

interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** The definition in a text; throws if there are problems. */
export function definitionIn(text: string, given: Given = {}): Definition {
  const { definition, problems } = read(text, given);
  if (definition === undefined) throw new Error(`expected a definition, found problems:\n${formatProblems(problems)}`);
  return definition;
}

/** The problems in a text, as a terminal shows them, without the name of the workflow's file. */
export function problemsIn(text: string, given: Given = {}): readonly string[] {
  const lines = formatProblems(read(text, given).problems).split("\n");
  return lines.filter((line) => line !== "").map((line) => line.replace(`${WORKFLOW}:`, ""));
}

function read(text: string, { files = {}, env = {} }: Given) {
  return readDefinition({ path: WORKFLOW, files: { ...files, [WORKFLOW]: text } }, env);
}
