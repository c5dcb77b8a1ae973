import { type Bundle, type Definition, machineTopicProblems, type Problem } from "@antiphon/definition";
import { schemaProblems } from "./schema-problems.ts";

/** What is wrong with a definition beyond its language, for which it is not deployed. One that was before is still run. */
export function deploymentProblems(
  bundle: Bundle,
  definition: Definition,
  env: Readonly<Record<string, string>>,
): readonly Problem[] {
  return [...schemaProblems(bundle, definition), ...machineTopicProblems(bundle, definition, env)];
}
