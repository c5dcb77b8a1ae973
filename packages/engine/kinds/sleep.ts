import type { SleepState } from "@antiphon/definition";
import type { Language } from "../language.ts";
import { leaveBy, type Step } from "../step.ts";
import { sleepStep } from "../timer.ts";
import { compileWay } from "../way.ts";

/** Rests for its duration. */
export function sleepSteps(language: Language, state: SleepState): readonly Step[] {
  return [sleepStep(language, "sleep", state.duration), leaveBy(compileWay(language, state.next))];
}
