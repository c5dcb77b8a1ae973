import type { OperationState } from "@antiphon/definition";
import { performActions } from "../actions/perform-actions.ts";
import { leaveBy } from "../token/step.ts";
import { compileWay } from "../token/way.ts";
import type { Kind } from "./kind.ts";

/** Performs its actions, one after the other or all at once. */
export const operation: Kind<OperationState> = {
  steps(language, state) {
    return [...performActions(language, state.actions, state.actionMode), leaveBy(compileWay(language, state.next))];
  },
};
