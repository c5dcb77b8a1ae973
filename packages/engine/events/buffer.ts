import { durationMs, type EventDefinition } from "@antiphon/definition";
import { type CloudEvent, formatJson, type InstanceEvent } from "@antiphon/protocol";
import type { BufferedEvent } from "../instance/instance.ts";
import { isSame, SEEN_MS } from "../instance/seen.ts";
import type { Draft } from "../token/draft.ts";
import { receive, refusal } from "./receive.ts";

/** How long an event that came early is kept, unless its definition says otherwise in `metadata.bufferFor`. */
export const BUFFER_MS = 3_600_000;
/** The most early events of one instance, and the most characters in all of them together. */
export const BUFFERED_EVENTS_MAX = 100;
export const BUFFERED_LENGTH_MAX = 500_000;

/** How long early events of this definition are kept: never longer than the events taken are remembered. */
export function bufferMsOf({ name, metadata: { bufferFor } }: EventDefinition): number {
  if (bufferFor === undefined || bufferFor === null) return BUFFER_MS;
  const keepMs = typeof bufferFor === "string" ? durationMs(bufferFor) : undefined;
  if (keepMs !== undefined) return Math.min(keepMs, SEEN_MS);
  const found = formatJson(bufferFor);
  throw new Error(
    `event ${JSON.stringify(name)}, bufferFor: expected an ISO 8601 duration such as PT1H, found ${found}`,
  );
}

/** Keeps an event for a wait that is not open yet, as far as there is room. */
export function keepEarly(
  buffer: readonly BufferedEvent[],
  event: CloudEvent,
  nowMs: number,
  keepMs: number,
): InstanceEvent {
  const full = whyFull(buffer, event);
  if (full === undefined) return { type: "EventBuffered", event, expiresMs: nowMs + keepMs };
  return { type: "EventIgnored", event, disposition: "unmatched", reason: full, found: { by: "instance" } };
}

function whyFull(buffer: readonly BufferedEvent[], event: CloudEvent): string | undefined {
  if (buffer.length >= BUFFERED_EVENTS_MAX) return `buffer full: ${BUFFERED_EVENTS_MAX} early events are kept already`;
  let length = formatJson(event).length;
  for (const early of buffer) length += formatJson(early.event).length;
  if (length <= BUFFERED_LENGTH_MAX) return undefined;
  return `buffer full: expected at most ${BUFFERED_LENGTH_MAX} characters of early events, found ${length}`;
}

export function isBuffered(buffer: readonly BufferedEvent[], event: CloudEvent): boolean {
  return buffer.some((early) => isSame(early.event, event));
}

/** Gives a wait the oldest early event that it can take, if there is one. */
export function takeBuffered(draft: Draft, wait: string): void {
  const early = draft.active.buffer.find(({ event }) => refusal(draft, wait, event) === undefined);
  if (early !== undefined) receive(draft, wait, early.event, { by: "instance" });
}

/** Early events whose time is over. */
export function expired(buffer: readonly BufferedEvent[], nowMs: number): readonly InstanceEvent[] {
  return buffer
    .filter(({ expiresMs }) => expiresMs <= nowMs)
    .map(({ event }) => ({
      type: "EventIgnored",
      event,
      disposition: "expired",
      reason: "no wait for it opened in time",
      found: { by: "instance" },
    }));
}
