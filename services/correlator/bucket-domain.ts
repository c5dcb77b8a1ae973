import { type Bucket, decide, dueMs, emptyBucket, evolve } from "@antiphon/correlation";
import type { Answer, Domain } from "@antiphon/processor";
import {
  type CorrelationEvent,
  type CorrelationInput,
  type Decision,
  type Disposition,
  parseJson,
  topics,
} from "@antiphon/protocol";
import { readInput } from "./read-input.ts";

/** Correlation keys, as what a partition processor runs: waits and events in, matches out. */
export const bucketDomain: Domain<Bucket, CorrelationInput, CorrelationEvent> = {
  inputTopic: topics.correlation,
  factTopic: topics.correlations,
  absent: emptyBucket,
  read({ value }) {
    const input = readInput(parseJson(value ?? ""));
    const { key, from, reply } = input;
    return { key, input, ...(from && { from }), ...(reply && { reply }) };
  },
  decide,
  evolve,
  dueMs,
  // A key that fails has no state of its own to end in: its input is parked.
  fail: () => [],
  answers: (_key, decision) => answerOf(decision),
};

/** Whoever offered an event is told that it is held or dropped. If it was matched, its instance answers. */
function answerOf({ reply, events }: Decision<CorrelationEvent>): readonly Answer[] {
  if (reply === undefined || events.some((event) => event.type === "EventMatched")) return [];
  for (const event of events) {
    if (event.type !== "EventHeld" && event.type !== "EventDropped") continue;
    const { source, id } = event.event;
    const fate: { disposition: Disposition; reason?: string } =
      event.type === "EventHeld"
        ? { disposition: "buffered" }
        : { disposition: event.disposition, reason: event.reason };
    return [{ gateway: reply.gateway, reply: { type: "EventAnswer", request: reply.request, source, id, ...fate } }];
  }
  return [];
}
