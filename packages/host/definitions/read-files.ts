import { type Bundle, readDefinition } from "@antiphon/definition";
import type { BundleReading } from "./read-aside.ts";
import { schemaProblems } from "./schema-problems.ts";

/** Reads a bundle and checks the schemas of its data, here and at once. */
export function readFiles(bundle: Bundle, env: Readonly<Record<string, string>>): BundleReading {
  const read = readDefinition(bundle, env);
  const wrong = read.definition === undefined ? [] : schemaProblems(bundle, read.definition);
  return { ...read, schemaProblems: wrong };
}
