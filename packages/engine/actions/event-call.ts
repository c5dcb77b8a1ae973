import type { ActionCall } from "@antiphon/definition";
import type { Json } from "@antiphon/protocol";
import { payloadOf } from "../events/event-filter.ts";
import { compileProduce } from "../events/produce.ts";
import type { Language } from "../language/language.ts";
import type { Visit } from "../token/visit.ts";
import { nothing, pending } from "./answer.ts";
import { awaitResult } from "./await-event.ts";
import type { Call } from "./call.ts";

/** Publishes an event; where another one answers it, that one's data is the result. */
export function eventCall(language: Language, call: Extract<ActionCall, { kind: "produce" }>, place: string): Call {
  const produce = compileProduce(language, call.produce);
  // A further attempt is a further message: who has dealt with the first one would pass over one with the same id.
  const ask = (visit: Visit, input: Json) => {
    const attempt = visit.attempt(place);
    produce(visit, attempt === 1 ? visit.id(place) : `${visit.id(place)}/${attempt}`, input);
  };
  if (call.result === undefined || call.async) {
    return (visit, input) => {
      ask(visit, input);
      return nothing;
    };
  }
  const { event, timeout } = call.result;
  const result = awaitResult(language, place, event, timeout);
  return (visit, input) => {
    const received = result(visit, () => ask(visit, input));
    return received === undefined ? pending : { status: "done", output: payloadOf(received, event) };
  };
}
