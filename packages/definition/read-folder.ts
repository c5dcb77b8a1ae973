import { quote, textOf } from "./document/node.ts";
import { Problems } from "./document/problems.ts";
import type { Bundle, Problem } from "./model.ts";
import { readWorkflow } from "./read-definition.ts";

/**
 * The workflows of a resources folder, each with the files that it refers to. `files` has texts by path relative to the
 * folder. Problems are those between the workflows; `readDefinition` tells what is wrong with each.
 */
export function readFolder(files: ReadonlyMap<string, string>): {
  readonly bundles: readonly Bundle[];
  readonly problems: readonly Problem[];
} {
  const problems = new Problems();
  const owners = new Map<string, string>();
  const bundles: Bundle[] = [];
  for (const path of [...files.keys()].filter(isWorkflow).toSorted()) {
    const { id, opened } = readWorkflow(path, files, {});
    const name = textOf(id);
    const other = name === undefined ? undefined : owners.get(name);
    if (id !== undefined && name !== undefined && other !== undefined) {
      problems.report(id, "an id that no other workflow has", `${quote(name)}, which ${other} has too`);
    } else if (name !== undefined) {
      owners.set(name, path);
    }
    const needed = [...new Set([path, ...opened])].toSorted();
    const texts = needed.map((name) => [name, files.get(name)] as const);
    bundles.push({ path, files: Object.fromEntries(texts.filter(hasText)) });
  }
  return { bundles, problems: problems.list() };
}

/** A workflow's file by its name; hidden files and folders are not looked at. */
function isWorkflow(path: string): boolean {
  return /\.sw\.(?:json|ya?ml)$/.test(path) && !/(?:^|\/)\./.test(path);
}

function hasText(entry: readonly [string, string | undefined]): entry is readonly [string, string] {
  return entry[1] !== undefined;
}
