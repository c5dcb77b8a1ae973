import type { SwitchState } from "@antiphon/definition";
import { formatJson } from "@antiphon/protocol";
import { illegal } from "../errors/workflow-fault.ts";
import type { Step } from "../token/step.ts";
import { compileWay } from "../token/way.ts";
import type { Kind } from "./kind.ts";

/** Leaves by the first condition that holds, else by the default. */
export const choice: Kind<SwitchState> = {
  steps(language, state) {
    const conditions = state.conditions.map(({ condition, name, next }, i) => {
      const what = `state ${JSON.stringify(state.name)}, condition ${JSON.stringify(name ?? i)}`;
      return { holds: language.condition(condition, what), way: compileWay(language, next) };
    });
    const otherwise = state.otherwise && compileWay(language, state.otherwise);
    const choose: Step = {
      name: "choose",
      run(visit) {
        const way = conditions.find(({ holds }) => visit.evaluate(holds))?.way ?? otherwise;
        if (way !== undefined) return { kind: "leave", by: way };
        const found = formatJson(visit.data).slice(0, DATA_SHOWN_MAX);
        throw illegal("no-condition", `expected one of the conditions to hold, found none that does for ${found}`);
      },
    };
    return [choose];
  },
};

/** How many characters of the data an error shows. */
const DATA_SHOWN_MAX = 200;
