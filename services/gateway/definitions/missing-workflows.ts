import { nearestName, type Problem, type WorkflowReference } from "@antiphon/definition";

/**
 * The places where a workflow names others that cannot be started at present. That is no mistake: deployments may come in
 * any order. But an action that is reached before the other one is there fails.
 */
export function missingWorkflows(
  references: readonly WorkflowReference[],
  itself: string,
  deployed: readonly string[],
): readonly Problem[] {
  const present = new Set([...deployed, itself]);
  return references.flatMap(({ workflow, place: { file, line, column, pointer } }) => {
    if (present.has(workflow)) return [];
    const suggestion = nearestName(workflow, present);
    const expected = "the id of a workflow that is deployed by the time that this is reached";
    const problem = { file, line, column, pointer, expected, found: JSON.stringify(workflow) };
    return [suggestion === undefined ? problem : { ...problem, suggestion }];
  });
}
