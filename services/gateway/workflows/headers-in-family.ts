import { type Definition, propagatedHeaders } from "@antiphon/definition";

/** The most workflows that are looked at for one: those that it names, those that these name, and so on. */
export const FAMILY_MAX = 1_000;

/**
 * The headers whose tokens a workflow, or one of those that may run within it or go on where it ends, passes on to services:
 * what starts it has to keep them for all of them. `versionsOf` has the deployed definitions of a workflow.
 */
export function headersInFamily(
  first: Definition,
  versionsOf: (workflow: string) => readonly Definition[],
): ReadonlySet<string> {
  const headers = new Set<string>();
  const seen = new Set<Definition>([first]);
  for (const definition of seen) {
    for (const called of Object.values(definition.functions)) {
      for (const header of propagatedHeaders(definition, called)) headers.add(header);
    }
    for (const further of definition.workflows.flatMap(versionsOf)) if (seen.size < FAMILY_MAX) seen.add(further);
  }
  return headers;
}
