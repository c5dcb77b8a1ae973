import type { ActionCall } from "@antiphon/definition";
import { payloadOf } from "../events/event-filter.ts";
import { compileProduce } from "../events/produce.ts";
import type { Language } from "../language/language.ts";
import { nothing, pending } from "./answer.ts";
import { awaitResult } from "./await-event.ts";
import type { Call } from "./call.ts";

/** Publishes an event; where another one answers it, that one's data is the result. */
export function eventCall(language: Language, call: Extract<ActionCall, { kind: "produce" }>, place: string): Call {
  const produce = compileProduce(language, call.produce);
  if (call.result === undefined || call.async) {
    return (visit, input) => {
      produce(visit, visit.id(place), input);
      return nothing;
    };
  }
  const { event, timeout } = call.result;
  const result = awaitResult(language, place, event, timeout);
  return (visit, input) => {
    const received = result(visit, () => produce(visit, visit.id(place), input));
    return received === undefined ? pending : { status: "done", output: payloadOf(received, event) };
  };
}
