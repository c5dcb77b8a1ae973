import { byPlace } from "./document/problems.ts";
import type { WorkflowReference } from "./document/reading.ts";
import type { Bundle, Definition, Problem } from "./model.ts";
import { readWorkflow } from "./read-workflow.ts";
import type { WantedDocument } from "./wanted-document.ts";

/** A definition, or all that is wrong with it and the files that it refers to. */
export type ReadResult =
  | {
      readonly definition: Definition;
      readonly problems: readonly [];
      readonly wanted: readonly [];
      /** Members that nobody knows: they are read over. */
      readonly notes: readonly Problem[];
      /** The workflows that it names, and where: they are no part of the bundle. */
      readonly workflows: readonly WorkflowReference[];
    }
  | {
      readonly definition?: undefined;
      readonly problems: readonly Problem[];
      /** Documents on the web that the bundle does not have; each is a problem, too. */
      readonly wanted: readonly WantedDocument[];
    };

/**
 * Reads the workflow of a bundle. `env` fills `${NAME:default}` in the properties and overrides them. A document on the web
 * is a file of the bundle under its URL; one that is missing is a problem. `isDeployed`: it was before, so that it is read
 * as leniently as SonataFlow would, whatever the configuration says by now.
 */
export function readDefinition(
  bundle: Bundle,
  env: Readonly<Record<string, string>>,
  { isDeployed = false }: { readonly isDeployed?: boolean } = {},
): ReadResult {
  const read = readWorkflow(bundle.path, new Map(Object.entries(bundle.files)), env, isDeployed);
  const { definition, problems, wanted, notes, workflows } = read;
  const missing = wanted.map(({ url, place: { file, line, column, pointer } }): Problem => {
    return { file, line, column, pointer, expected: "a document that was fetched", found: JSON.stringify(url) };
  });
  const all = [...problems, ...missing].toSorted(byPlace);
  if (definition === undefined || all.length > 0) return { problems: all, wanted };
  return { definition, problems: [], wanted: [], notes, workflows };
}
