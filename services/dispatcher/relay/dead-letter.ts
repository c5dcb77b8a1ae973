import { deriveId } from "@antiphon/host";
import { type DeadLetter, formatJson, type Json, topics } from "@antiphon/protocol";
import type { Origin, Outgoing } from "./outgoing.ts";

/** What a dead letter says beside where it comes from. */
export type Unusable = Pick<DeadLetter, "disposition" | "reason" | "event" | "value">;

/** The message that puts something aside. Its id follows from its origin, so that a repeated one is the same one. */
export function deadLetter(origin: Origin, unusable: Unusable): Outgoing {
  const { from, atMs, instance } = origin;
  const letter: DeadLetter = {
    id: deriveId(`${from.topic}/${from.partition}/${from.offset}/${from.index}`),
    atMs,
    ...unusable,
    ...(instance !== null && { instance }),
    from,
  };
  return {
    topic: topics.deadLetters,
    key: instance ?? letter.id,
    value: formatJson(letter as unknown as Json),
    origin,
  };
}

/** What is sent instead of a message that its topic does not take. */
export function undeliverable(message: Outgoing, reason: string): Outgoing {
  const { topic, value, origin } = message;
  const { event } = origin;
  const content = event !== undefined ? { event } : value !== null ? { value } : {};
  return deadLetter(origin, {
    disposition: "rejected",
    reason: `topic "${topic}" does not take it: ${reason}`,
    ...content,
  });
}
