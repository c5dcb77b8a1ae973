import { type CloudEvent, type CorrelationEvent, formatJson } from "@antiphon/protocol";
import { type Bucket, HELD_CHARS_MAX, HELD_MAX, heldIn } from "./bucket.ts";

/** What becomes of an event that nobody waits for: held while there is time and room, dropped with the reason otherwise. */
export function holdOrDrop(
  bucket: Bucket,
  event: CloudEvent,
  expiresMs: number,
  nowMs: number,
): Extract<CorrelationEvent, { type: "EventHeld" | "EventDropped" }> {
  if (expiresMs <= nowMs) {
    const reason = "no wait with its correlation values is open, and its time to be held is over";
    return { type: "EventDropped", event, disposition: "expired", reason };
  }
  const reason = roomFor(bucket, event);
  if (reason === undefined) return { type: "EventHeld", event, expiresMs };
  return { type: "EventDropped", event, disposition: "rejected", reason };
}

/** Why there is no room to hold an event; undefined if there is. */
export function roomFor(bucket: Bucket, event: CloudEvent): string | undefined {
  const held = heldIn(bucket);
  const suffix = "held with its correlation values";
  if (held.length >= HELD_MAX) return `expected at most ${HELD_MAX} events ${suffix}, found one more`;
  const chars = held.reduce((sum, known) => sum + known.held.chars, formatJson(event).length);
  if (chars > HELD_CHARS_MAX) return `expected at most ${HELD_CHARS_MAX} characters ${suffix}, found ${chars}`;
  return undefined;
}
