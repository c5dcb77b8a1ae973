import type { ForeachState } from "@antiphon/definition";
import { actionSteps } from "../actions/action-steps.ts";
import { forkStep } from "../token/fork.ts";
import { branchEnd, leaveBy, programOf } from "../token/step.ts";
import { compileWay } from "../token/way.ts";
import type { Kind } from "./kind.ts";

/**
 * Performs its actions for each item of a list, one after the other or as many at once as a batch holds. What the last
 * action of each brings is collected in the order of the list; the data itself stays as it is meanwhile.
 */
export const foreach: Kind<ForeachState> = {
  steps(language, state) {
    const { inputCollection, outputCollection, iterationParam, mode, batchSize, actions } = state;
    const what = `state ${JSON.stringify(state.name)}, `;
    const list = language.list(inputCollection, `${what}inputCollection`);
    const size = batchSize === undefined ? undefined : language.count(batchSize, `${what}batchSize`);
    const collect =
      outputCollection === undefined ? undefined : language.target(outputCollection, `${what}outputCollection`);
    const loop = forkStep({
      place: "item",
      scope: "result",
      begin(visit) {
        const items = visit.evaluate(list);
        return { total: items.length, items };
      },
      programs: [programOf([...actions.flatMap((action) => actionSteps(language, action)), branchEnd])],
      ...(iterationParam !== undefined && { variables: (item) => ({ [iterationParam]: item }) }),
      ...(mode === "sequential"
        ? { atOnce: () => 1 }
        : size && { atOnce: (visit) => Math.max(1, visit.evaluate(size)) }),
      ...(collect && {
        finish: (visit, outputs) => {
          if (outputs.length > 0) visit.change(visit.evaluate(collect(outputs)));
        },
      }),
    });
    return [loop, leaveBy(compileWay(language, state.next))];
  },
};
