import type { SleepState } from "@antiphon/definition";
import { leaveBy } from "../token/step.ts";
import { sleepStep } from "../token/timer.ts";
import { compileWay } from "../token/way.ts";
import type { Kind } from "./kind.ts";

/** Rests for its duration. */
export const sleep: Kind<SleepState> = {
  steps(language, state) {
    return [sleepStep(language, "sleep", state.duration), leaveBy(compileWay(language, state.next))];
  },
};
