import { type CloudEvent, type CorrelationEvent, formatJson, type KeyedWait, withoutSpent } from "@antiphon/protocol";
import {
  type Bucket,
  emptyBucket,
  entryOf,
  isSameWait,
  type KnownEvent,
  REMEMBER_MS_MIN,
  TAKERS_MAX,
} from "./bucket.ts";
import { forget } from "./forget.ts";
import { roomFor } from "./hold.ts";

/** The bucket after a fact. `atMs` is when it was decided. */
export function evolve(bucket: Bucket, event: CorrelationEvent, atMs: number): Bucket {
  const after = forget(apply(forget(bucket, atMs), event, atMs), atMs);
  const isEmpty = after.waits.length === 0 && after.events.length === 0 && after.spent === undefined;
  return isEmpty ? emptyBucket : after;
}

function apply(bucket: Bucket, event: CorrelationEvent, atMs: number): Bucket {
  switch (event.type) {
    case "WaitRegistered":
      return { ...bucket, waits: [...bucket.waits, event.wait] };
    case "WaitReturned":
      return { ...bucket, waits: [event.wait, ...bucket.waits] };
    case "WaitRemoved":
      return { ...bucket, waits: without(bucket.waits, event.wait) };
    case "EventMatched":
      return {
        ...bucket,
        waits: without(bucket.waits, event.wait),
        events: put(bucket, event.event, match(bucket, event, atMs)),
      };
    case "EventHeld":
      return { ...bucket, events: put(bucket, event.event, hold(bucket, event, atMs)) };
    case "EventDropped":
      return event.disposition === "duplicate" ? bucket : withoutEvent(bucket, event.event);
    case "WaitRefused":
    case "EventsForgotten":
      return bucket;
  }
}

type Fact<Type extends CorrelationEvent["type"]> = Extract<CorrelationEvent, { type: Type }>;

function match(bucket: Bucket, fact: Fact<"EventMatched">, atMs: number): KnownEvent {
  const { event, wait, expiresMs, shared } = fact;
  const before = entryOf(bucket, event);
  const takers = shared ? [...(before?.takers ?? []), wait] : [wait];
  const held = shared && takers.length < TAKERS_MAX ? before?.held : undefined;
  const refusedBy = refusals(before, fact);
  return {
    ...remembered(event, expiresMs, atMs, before),
    ...(shared && { shared }),
    ...(held && { held }),
    takers,
    ...(refusedBy && { refusedBy }),
  };
}

function hold(bucket: Bucket, fact: Fact<"EventHeld">, atMs: number): KnownEvent {
  const { event, expiresMs, shared, refused } = fact;
  const before = entryOf(bucket, event);
  const takers = refused && before ? without(before.takers, refused) : [];
  const isElsewhere = takers.length > 0 && roomFor(bucket, event) !== undefined;
  const held = before?.held ?? (isElsewhere ? undefined : { event, chars: formatJson(event).length, sinceMs: atMs });
  const refusedBy = refusals(before, fact);
  return {
    ...remembered(event, expiresMs, atMs, before),
    ...(shared && { shared }),
    ...(held && { held }),
    takers,
    ...(refusedBy && { refusedBy }),
  };
}

function refusals(
  before: KnownEvent | undefined,
  { refusedBy }: { readonly refusedBy?: KeyedWait },
): readonly KeyedWait[] | undefined {
  return refusedBy === undefined ? before?.refusedBy : [...(before?.refusedBy ?? []), refusedBy];
}

function remembered({ source, id }: CloudEvent, expiresMs: number, atMs: number, before: KnownEvent | undefined) {
  return { source, id, expiresMs, forgetMs: Math.max(before?.forgetMs ?? 0, expiresMs, atMs + REMEMBER_MS_MIN) };
}

/** An event that was dropped may be sent through again: it is not known any more. */
function withoutEvent({ spent = [], ...bucket }: Bucket, event: CloudEvent): Bucket {
  const left = withoutSpent(spent, event);
  return { ...bucket, events: put(bucket, event, undefined), ...(left.length > 0 && { spent: left }) };
}

/** Puts an entry where the event has its place by arrival, or takes it away. */
function put(bucket: Bucket, event: CloudEvent, entry: KnownEvent | undefined): readonly KnownEvent[] {
  const at = bucket.events.findIndex(({ source, id }) => id === event.id && source === event.source);
  if (at < 0) return entry === undefined ? bucket.events : [...bucket.events, entry];
  return bucket.events.toSpliced(at, 1, ...(entry === undefined ? [] : [entry]));
}

function without(waits: readonly KeyedWait[], gone: KeyedWait): readonly KeyedWait[] {
  return waits.filter((wait) => !isSameWait(wait, gone));
}
