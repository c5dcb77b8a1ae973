import { deadLetterMessage } from "@antiphon/host";
import { type DeadLetter, eventIn } from "@antiphon/protocol";
import type { Origin, Outgoing } from "./outgoing.ts";

/** What a dead letter says beside where it comes from. */
export type Unusable = Pick<DeadLetter, "disposition" | "reason" | "direction" | "event" | "value" | "isCut" | "to">;

/** The message that puts something aside. Its id follows from its event, else from its origin: a repeated one is the same one. */
export function deadLetter(origin: Origin, unusable: Unusable): Outgoing {
  const { from, atMs, instance } = origin;
  return { ...deadLetterMessage({ atMs, ...unusable, ...(instance !== null && { instance }), from }), origin };
}

/** What is sent instead of a message that its topic does not take. */
export function undeliverable(message: Outgoing, reason: string): Outgoing {
  const { topic, value, origin } = message;
  const about = { disposition: "rejected", reason: `topic "${topic}" does not take it: ${reason}` } as const;
  return deadLetter(origin, { ...about, ...contentOf(message, origin.event ?? eventIn(value ?? "")) });
}

/** An event that an instance has produced was going out; any other was on its way to an instance, or back to its key. */
function contentOf({ topic, key, value, origin }: Outgoing, event: DeadLetter["event"]): Partial<Unusable> {
  if (event === undefined) return { ...(value !== null && { value }), to: { topic, key } };
  if (origin.event === undefined) return { event };
  return { direction: "out", event, to: { topic, key, ...(origin.mode && { mode: origin.mode }) } };
}
