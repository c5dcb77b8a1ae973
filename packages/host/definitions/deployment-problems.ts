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
  return [...schemaProblems(bundle, definition), ...topicsNotToBeHad(bundle, definition, env, log)];
}

/** What is wrong with the topics that a definition would read or write. */
export function topicsNotToBeHad(
  bundle: Bundle,
  definition: Definition,
  env: Readonly<Record<string, string>>,
  log: Pick<Log, "topicNameProblem">,
): readonly Problem[] {
  return [
    ...machineTopicProblems(bundle, definition, env),
    ...topicProblems(bundle, definition, env, (topic) => log.topicNameProblem?.(topic)),
  ];
}
