import type { OperationState } from "@antiphon/definition";
import { actionSteps } from "../action-steps.ts";
import type { Language } from "../language.ts";
import { leaveBy, type Step } from "../step.ts";
import { compileWay } from "../way.ts";

/** Performs its actions one after the other, each with the results of those before it. */
export function operationSteps(language: Language, state: OperationState): readonly Step[] {
  return [
    ...state.actions.flatMap((action) => actionSteps(language, action)),
    leaveBy(compileWay(language, state.next)),
  ];
}
