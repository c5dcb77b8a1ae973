import type { InjectState } from "@antiphon/definition";
import type { Language } from "../language.ts";
import { merge } from "../merge.ts";
import { leaveBy, next, type Step } from "../step.ts";
import { compileWay } from "../way.ts";

/** Merges literal data into the instance's. */
export function injectSteps(language: Language, state: InjectState): readonly Step[] {
  const inject: Step = {
    name: "inject",
    run(visit) {
      visit.change(merge(state.data, visit.data));
      return next;
    },
  };
  return [inject, leaveBy(compileWay(language, state.next))];
}
