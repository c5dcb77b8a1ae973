import type { CallbackState } from "@antiphon/definition";
import { actionSteps } from "../actions/action-steps.ts";
import { isAnsweredByUrl } from "../actions/callback-url.ts";
import { compileEventFilter } from "../events/event-filter.ts";
import { openWait, takeEvent } from "../events/wait.ts";
import { CALLBACK_PLACE } from "../language/variables.ts";
import { leaveBy } from "../token/step.ts";
import { compileWay } from "../token/way.ts";
import type { Kind } from "./kind.ts";

/**
 * Opens its wait, performs its action, then takes the event that answers it. The wait is open before the action is
 * asked for, so that no answer comes too early; its data is taken in after the action's result, and its time begins then.
 */
export const callback: Kind<CallbackState> = {
  steps(language, state) {
    const { action, event, eventFilter, eventTimeout } = state;
    const what = `state ${JSON.stringify(state.name)}, `;
    const takeIn = compileEventFilter(language, eventFilter, `${what}eventDataFilter`);
    const timeout = eventTimeout === undefined ? undefined : language.moment(eventTimeout, `${what}eventTimeout`);
    return [
      openWait(language, CALLBACK_PLACE, [event], isAnsweredByUrl(language.definition, state)),
      ...(action === undefined ? [] : actionSteps(language, action)),
      takeEvent(CALLBACK_PLACE, { events: [event], takeIn }, timeout),
      leaveBy(compileWay(language, state.next)),
    ];
  },
};
