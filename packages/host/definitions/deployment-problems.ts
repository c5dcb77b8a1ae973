import { type Bundle, type Definition, machineTopicProblems, type Problem, topicProblems } from "@antiphon/definition";
import type { Log } from "@antiphon/log";
import { schemaProblems } from "./schema-problems.ts";

/** What is wrong with a definition beyond its language, for which it is not deployed. One that was before is still run. */
export function deploymentProblems(
  bundle: Bundle,
  definition: Definition,
  env: Readonly<Record<string, string>>,
  log: Pick<Log, "topicNameProblem">,
): readonly Problem[] {
  return [
    ...schemaProblems(bundle, definition),
    ...machineTopicProblems(bundle, definition, env),
    ...topicProblems(bundle, definition, env, (topic) => log.topicNameProblem?.(topic)),
  ];
}
