import type { CallbackState } from "@antiphon/definition";
import { actionSteps } from "../action-steps.ts";
import { compileEventFilter } from "../event-filter.ts";
import type { Language } from "../language.ts";
import { leaveBy, type Step } from "../step.ts";
import { CALLBACK_PLACE } from "../variables.ts";
import { openWait, takeEvent } from "../wait.ts";
import { compileWay } from "../way.ts";

/**
 * Opens its wait, performs its action, then takes the event that answers it. The wait is open before the action is
 * asked for, so that no answer comes too early; its data is taken in after the action's result, and its time begins then.
 */
export function callbackSteps(language: Language, state: CallbackState): readonly Step[] {
  const { action, event, eventFilter, eventTimeout } = state;
  const what = `state ${JSON.stringify(state.name)}, `;
  const takeIn = compileEventFilter(language, eventFilter, `${what}eventDataFilter`);
  const timeout = eventTimeout === undefined ? undefined : language.moment(eventTimeout, `${what}eventTimeout`);
  return [
    openWait(language, CALLBACK_PLACE, [event]),
    ...(action === undefined ? [] : actionSteps(language, action)),
    takeEvent(CALLBACK_PLACE, { events: [event], takeIn }, timeout),
    leaveBy(compileWay(language, state.next)),
  ];
}
