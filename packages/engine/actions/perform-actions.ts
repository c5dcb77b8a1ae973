import type { Action, ActionMode } from "@antiphon/definition";
import type { Language } from "../language/language.ts";
import { forkStep } from "../token/fork.ts";
import { branchEnd, programOf, type Step } from "../token/step.ts";
import { actionSteps } from "./action-steps.ts";

/**
 * Actions one after the other, each with the results of those before it, or all at once: then each sees the data as it
 * is when the action begins, and its result is merged in when it comes. `prefix` tells apart lists of one state.
 */
export function performActions(
  language: Language,
  actions: readonly Action[],
  mode: ActionMode,
  prefix = "",
): readonly Step[] {
  if (mode === "sequential" || actions.length < 2) {
    return actions.flatMap((action) => actionSteps(language, action, prefix));
  }
  const programs = actions.map((action) => programOf([...actionSteps(language, action), branchEnd]));
  return [forkStep({ place: `${prefix}actions`, scope: "shared", begin: () => ({ total: actions.length }), programs })];
}
