import type { Definition } from "@antiphon/definition";
import type { CloudEvent, Json } from "@antiphon/protocol";
import { compileEventFilter, payloadOf } from "../events/event-filter.ts";
import type { Evaluate } from "../language/evaluate.ts";
import type { Language } from "../language/language.ts";

/** What an event leaves as data of the instance that it starts; undefined: no event of this type starts one. */
export type StartData = (event: CloudEvent) => Evaluate<Json> | undefined;

/** The rules of the state that it starts with; undefined if that is no event state. */
export function compileStartData(language: Language, definition: Definition): StartData | undefined {
  const state = definition.states[definition.start];
  if (state?.type !== "event") return undefined;
  const entries = state.onEvents.map(({ events, eventFilter }, i) => {
    const takeIn = compileEventFilter(language, eventFilter, `state ${JSON.stringify(state.name)}, onEvents ${i}`);
    return { events, takeIn };
  });
  return (event) => {
    for (const { events, takeIn } of entries) {
      const consumed = events.find(({ type }) => type === event.type);
      if (consumed !== undefined) return takeIn(payloadOf(event, consumed), {});
    }
    return undefined;
  };
}
