import { nodeAt } from "./document/node.ts";
import { Problems } from "./document/problems.ts";
import { Sources } from "./document/sources.ts";
import type { Bundle, Problem } from "./model.ts";

/** A problem in the workflow of a bundle that others than its reader have found: where its pointer leads, or at its start. */
export function problemAt({ path, files }: Bundle, pointer: string, expected: string, found: string): Problem {
  const document = new Sources(new Map(Object.entries(files)), path, new Problems()).workflow();
  const { line, column } = nodeAt(document, pointer) ?? { line: 1, column: 1 };
  return { file: path, line, column, pointer, expected, found };
}
