import type { InjectState } from "@antiphon/definition";
import { merge } from "../data/merge.ts";
import { leaveBy, next, type Step } from "../token/step.ts";
import { compileWay } from "../token/way.ts";
import type { Kind } from "./kind.ts";

/** Merges literal data into the instance's. */
export const inject: Kind<InjectState> = {
  steps(language, state) {
    const inject: Step = {
      name: "inject",
      run(visit) {
        visit.change(merge(state.data, visit.data));
        return next;
      },
    };
    return [inject, leaveBy(compileWay(language, state.next))];
  },
};
