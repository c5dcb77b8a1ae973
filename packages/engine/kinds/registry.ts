import type { State } from "@antiphon/definition";
import type { Language } from "../language.ts";
import type { Step } from "../step.ts";
import { callbackSteps } from "./callback.ts";
import { eventSteps } from "./event.ts";
import { injectSteps } from "./inject.ts";
import { operationSteps } from "./operation.ts";
import { sleepSteps } from "./sleep.ts";
import { switchSteps } from "./switch.ts";

/** What a state does, step by step. */
export function stepsOf(language: Language, state: State): readonly Step[] {
  switch (state.type) {
    case "inject":
      return injectSteps(language, state);
    case "operation":
      return operationSteps(language, state);
    case "callback":
      return callbackSteps(language, state);
    case "event":
      return eventSteps(language, state);
    case "switch":
      return switchSteps(language, state);
    case "sleep":
      return sleepSteps(language, state);
  }
}
