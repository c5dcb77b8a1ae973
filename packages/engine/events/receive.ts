import type { AwaitedEvent, CloudEvent, FoundBy } from "@antiphon/protocol";
import { keysOf } from "../instance/instance.ts";
import type { Draft } from "../token/draft.ts";
import { contradiction } from "./wait-key.ts";

/** Why an open wait cannot take an event that names its instance, in words; undefined: it can. */
export function refusal(draft: Draft, wait: string, event: CloudEvent): string | undefined {
  const awaited = awaitedEvents(draft, wait);
  const candidates = awaited.filter(({ eventType }) => eventType === event.type);
  if (candidates.length === 0) {
    const types = awaited.map(({ eventType }) => eventType).join(" or ");
    return `wait ${wait}: expected type ${types}, found ${event.type}`;
  }
  const reasons = candidates.map((candidate) => contradictionOf(draft, candidate, event));
  return reasons.includes(undefined) ? undefined : `wait ${wait}: ${reasons[0]}`;
}

/** Resolves an open wait. */
export function receive(draft: Draft, wait: string, event: CloudEvent, found: FoundBy): void {
  const awaited = awaitedEvents(draft, wait);
  const taken = awaited.find(({ eventType }) => eventType === event.type) ?? awaited[0];
  const correlation = valuesIn(draft, taken, event);
  const learnt = Object.keys(correlation).length > 0 ? { correlation } : {};
  draft.emit({ type: "EventReceived", wait, event, found, ...learnt, ...keysOf(draft.active.waits[wait]) });
}

export function awaitedEvents(draft: Draft, wait: string): readonly AwaitedEvent[] {
  const state = draft.active.waits[wait];
  return state?.status === "open" ? state.events : [];
}

function contradictionOf(draft: Draft, awaited: AwaitedEvent, event: CloudEvent): string | undefined {
  if (awaited.byToken) return "it is answered by its callback URL alone";
  return awaited.key === undefined ? undefined : contradiction(valuesIn(draft, awaited, event), awaited.key);
}

function valuesIn(draft: Draft, awaited: AwaitedEvent | undefined, event: CloudEvent) {
  return awaited === undefined ? {} : draft.valuesIn(awaited.name, event);
}
