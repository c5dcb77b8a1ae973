import type { OperationState } from "@antiphon/definition";
import { actionSteps } from "../actions/action-steps.ts";
import { leaveBy } from "../token/step.ts";
import { compileWay } from "../token/way.ts";
import type { Kind } from "./kind.ts";

/** Performs its actions one after the other, each with the results of those before it. */
export const operation: Kind<OperationState> = {
  steps(language, state) {
    return [
      ...state.actions.flatMap((action) => actionSteps(language, action)),
      leaveBy(compileWay(language, state.next)),
    ];
  },
};
