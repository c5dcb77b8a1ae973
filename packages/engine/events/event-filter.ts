import type { EventDefinition, EventFilter } from "@antiphon/definition";
import type { CloudEvent, Json } from "@antiphon/protocol";
import { merge } from "../data/merge.ts";
import type { Evaluate } from "../language/evaluate.ts";
import type { Language } from "../language/language.ts";

/** The data after an event's own was taken in; `event` is what is left of it by `payloadOf`. */
export type TakeIn = (payload: Json, data: Json) => Evaluate<Json>;

/** What an `eventDataFilter` makes of a payload: all of it or a part, merged in whole or put where the filter says. */
export function compileEventFilter(language: Language, filter: EventFilter, what: string): TakeIn {
  const { useData, data: source, toStateData } = filter;
  if (!useData) return (_, data) => () => data;
  const select = source === undefined ? undefined : language.filter(source, `${what}, data`);
  const target = toStateData === undefined ? undefined : language.target(toStateData, `${what}, toStateData`);
  return (payload, data) => (_, variables) => {
    const value = select === undefined ? payload : select(payload, variables);
    return target === undefined ? merge(value, data) : target(value)(data, variables);
  };
}

/** What an event brings: its data, bytes as their base64; or all of it where the definition says `dataOnly: false`. */
export function payloadOf(event: CloudEvent, definition: EventDefinition): Json {
  return definition.dataOnly ? (event.data ?? event.data_base64 ?? null) : event;
}
