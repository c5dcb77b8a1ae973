import { quote, textOf } from "./document/node.ts";
import { Problems } from "./document/problems.ts";
import type { WorkflowReference } from "./document/reading.ts";
import type { Bundle, Problem } from "./model.ts";
import { readConfiguration } from "./properties/configuration.ts";
import { propertyOf } from "./properties/properties.ts";
import { readWorkflow } from "./read-workflow.ts";
import type { WantedDocument } from "./wanted-document.ts";

/** The workflows of a resources folder. */
export interface FolderRead {
  /** Each workflow with the files that it refers to. */
  readonly bundles: readonly Bundle[];
  /** The id of each workflow that says it, by the path of its file. */
  readonly ids: ReadonlyMap<string, string>;
  /** Whether all are read as SonataFlow reads, so that what is wrong with one does not keep the others from running. */
  readonly asSonataFlow: boolean;
  /** Workflows that are named and are not in the folder, if `asSonataFlow`; they are problems otherwise. */
  readonly notes: readonly Problem[];
  /** What is wrong between the workflows; `readDefinition` tells what is wrong with each. */
  readonly problems: readonly Problem[];
  /** Documents on the web that are not among the files: the folder is read again when they are. */
  readonly wanted: readonly WantedDocument[];
}

/**
 * Reads the workflows of a resources folder. `files` has texts by path relative to the folder, and of documents on the
 * web by URL. Hidden files are none of them, unless `kogito.codegen.ignoreHiddenFiles` is false.
 */
export function readFolder(files: ReadonlyMap<string, string>, env: Readonly<Record<string, string>> = {}): FolderRead {
  const problems = new Problems();
  const notes = new Problems();
  const owners = new Map<string, string>();
  const ids = new Map<string, string>();
  let asSonataFlow = true;
  const bundles: Bundle[] = [];
  const references: WorkflowReference[] = [];
  const wanted: WantedDocument[] = [];
  for (const path of [...files.keys()].filter((name) => isWorkflow(name, files, env)).toSorted()) {
    const read = readWorkflow(path, files, env);
    const name = textOf(read.id);
    if (name !== undefined) ids.set(path, name);
    asSonataFlow &&= read.asSonataFlow;
    const other = name === undefined ? undefined : owners.get(name);
    if (read.id !== undefined && name !== undefined && other !== undefined) {
      problems.report(read.id, "an id that no other workflow has", `${quote(name)}, which ${other} has too`);
    } else if (name !== undefined) {
      owners.set(name, path);
    }
    references.push(...read.workflows);
    wanted.push(...read.wanted);
    const needed = [...new Set([path, ...read.opened])].toSorted();
    const texts = needed.map((file) => [file, files.get(file)] as const);
    bundles.push({ path, files: Object.fromEntries(texts.filter(hasText)) });
  }
  for (const { workflow, place } of references) {
    if (owners.has(workflow)) continue;
    const misspelt = { name: workflow, among: owners.keys() };
    const told = asSonataFlow ? notes : problems;
    told.report(place, "the id of a workflow of this folder", quote(workflow), misspelt);
  }
  return { bundles, ids, asSonataFlow, notes: notes.list(), problems: problems.list(), wanted };
}

/** A workflow's file by its name. */
function isWorkflow(path: string, files: ReadonlyMap<string, string>, env: Readonly<Record<string, string>>): boolean {
  if (!/\.sw\.(?:json|ya?ml)$/.test(path) || /^https?:/.test(path)) return false;
  if (!/(?:^|\/)\./.test(path)) return true;
  const { properties } = readConfiguration(path, files, env);
  return propertyOf(properties, "kogito.codegen.ignoreHiddenFiles") === "false";
}

function hasText(entry: readonly [string, string | undefined]): entry is readonly [string, string] {
  return entry[1] !== undefined;
}
