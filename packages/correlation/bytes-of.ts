import { bytesWithin, type CloudEvent, JSON_DEPTH_MAX, type Json } from "@antiphon/protocol";

/** How many bytes an event has as JSON: a decision that carries it is a record, whose limit is in bytes. */
export function bytesOf(event: CloudEvent): number {
  return bytesWithin(event as unknown as Json, JSON_DEPTH_MAX) ?? Number.POSITIVE_INFINITY;
}
