import { type ActionCall, type AsyncApiOperation, receivedEvent, sentEvent } from "@antiphon/definition";
import { payloadOf } from "../events/event-filter.ts";
import type { Language } from "../language/language.ts";
import { nothing, pending } from "./answer.ts";
import { awaitResult } from "./await-event.ts";
import type { Call } from "./call.ts";
import { eventCall } from "./event-call.ts";

/** An AsyncAPI operation: `send` publishes the arguments, or the input; `receive` waits for an event, whose data is the result. */
export function asyncApiCall(
  language: Language,
  operation: AsyncApiOperation,
  call: Extract<ActionCall, { kind: "function" }>,
  place: string,
): Call {
  if (operation.direction === "send") {
    const { arguments: data } = call;
    const event = sentEvent(language.definition, operation);
    const produce = { event, ...(data !== undefined && { data }), contextAttributes: {} };
    return eventCall(language, { kind: "produce", produce }, place);
  }
  if (call.async) return () => nothing;
  const event = receivedEvent(operation);
  const result = awaitResult(language, place, event, undefined);
  return (visit) => {
    const received = result(visit);
    return received === undefined ? pending : { status: "done", output: payloadOf(received, event) };
  };
}
