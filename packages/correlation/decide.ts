import {
  type CloudEvent,
  type CorrelationEvent,
  type CorrelationInput,
  isSpent,
  type KeyedWait,
  refOf,
} from "@antiphon/protocol";
import {
  type Bucket,
  entryOf,
  firstSuited,
  heldIn,
  isSameWait,
  type KnownEvent,
  REFUSALS_MAX,
  WAITS_MAX,
} from "./bucket.ts";
import { forget } from "./forget.ts";
import { holdOrDrop, roomFor } from "./hold.ts";
import { expire, reachTime } from "./reach-time.ts";
import { share } from "./share.ts";

/** Time has come to the bucket: `dueMs` has been reached. */
export interface ReachTime {
  readonly type: "ReachTime";
}

type Input<Type extends CorrelationInput["type"]> = Extract<CorrelationInput, { type: Type }>;

/**
 * What follows from an input on one correlation key, where waits and events meet in either order. An input that comes
 * again changes nothing: it has no facts, or the fact that it is refused.
 *
 * A wait is not remembered once it is closed. It need not be: `OpenWait` and `CloseWait` of one wait follow from facts of
 * one instance, so one relay carries both, from one partition to one partition, in order, and the processor drops what
 * it has taken in from there before. An `OpenWait` after its `CloseWait` would be such a repetition.
 */
export function decide(
  bucket: Bucket,
  input: CorrelationInput | ReachTime,
  nowMs: number,
): readonly CorrelationEvent[] {
  switch (input.type) {
    case "OpenWait":
      return open(forget(bucket, nowMs), input, nowMs);
    case "CloseWait":
      return close(bucket, input);
    case "OfferEvent":
      return offer(forget(bucket, nowMs), input, nowMs);
    case "ReturnWait":
      return giveBack(forget(bucket, nowMs), input);
    case "RefuseEvent":
      return refuse(forget(bucket, nowMs), input, nowMs);
    case "ReachTime":
      return reachTime(bucket, nowMs);
  }
}

/**
 * What is too old is dropped first, by a fact: were it merely passed over, a clock that runs behind could find it good
 * again beside a wait that never gets it.
 */
function open(bucket: Bucket, { wait, cardinality }: Input<"OpenWait">, nowMs: number): readonly CorrelationEvent[] {
  if (bucket.waits.some((known) => isSameWait(known, wait)) || wasServed(bucket, wait)) return [];
  const [other] = bucket.waits;
  if (cardinality === "reject" && other !== undefined) {
    const reason = `expected no other wait on this key, found wait ${other.wait} of instance ${other.instance}`;
    return [{ type: "WaitRefused", wait, reason }];
  }
  const expired = expire(bucket, nowMs);
  const dropped = new Set(expired.map(({ event }) => event));
  const alone = { ...bucket, waits: [wait] };
  const known = heldIn(bucket).find((one) => !dropped.has(one.held.event) && firstSuited(alone, one) !== undefined);
  if (known !== undefined) return [...expired, match(wait, known.held.event, known)];
  if (bucket.waits.length < WAITS_MAX) return [...expired, { type: "WaitRegistered", wait }];
  return [{ type: "WaitRefused", wait, reason: `expected at most ${WAITS_MAX} waits on one key, found one more` }];
}

function wasServed(bucket: Bucket, wait: KeyedWait): boolean {
  return bucket.events.some(({ takers }) => takers.some((taker) => isSameWait(taker, wait)));
}

function close(bucket: Bucket, closed: Input<"CloseWait">): readonly CorrelationEvent[] {
  const wait = bucket.waits.find((known) => isSameWait(known, closed));
  return wait === undefined ? [] : [{ type: "WaitRemoved", wait }];
}

function offer(bucket: Bucket, input: Input<"OfferEvent">, nowMs: number): readonly CorrelationEvent[] {
  const { event, cardinality, bufferMs, reply } = input;
  const known = entryOf(bucket, event);
  if (known !== undefined) {
    const [taker] = known.takers;
    const place = taker ? `went to wait ${taker.wait} of instance ${taker.instance}` : "is held until a wait opens";
    const reason = `an event with this source and id came before and ${place}`;
    return [{ type: "EventDropped", event, disposition: "duplicate", reason }];
  }
  if (isSpent(bucket.spent ?? [], event)) {
    const reason = "an event with this source and id came before and went to a wait";
    return [{ type: "EventDropped", event, disposition: "duplicate", reason }];
  }
  const expiresMs = nowMs + bufferMs;
  if (cardinality === "all") return share(bucket, { event, expiresMs, reply }, nowMs);
  const [oldest] = bucket.waits;
  if (oldest === undefined) return [holdOrDrop(bucket, event, expiresMs, nowMs)];
  return [{ ...match(oldest, event, { expiresMs }), ...(reply && { reply }) }];
}

/** The wait takes its place in front again, or the next event that is held. The event that it had stays where it went. */
function giveBack(bucket: Bucket, { instance, wait: id, event }: Input<"ReturnWait">): readonly CorrelationEvent[] {
  const wait: KeyedWait = { instance, wait: id };
  if (bucket.waits.some((known) => isSameWait(known, wait))) return [];
  const alone = { ...bucket, waits: [wait] };
  const next = heldIn(bucket).find((one) => firstSuited(alone, one) !== undefined);
  const returned = { type: "WaitReturned", wait, event } as const;
  return next === undefined ? [returned] : [returned, match(wait, next.held.event, next)];
}

/**
 * The event is offered again to those who waited behind the one that refused it, also when its time to be held is over. A
 * wait that could not take it and is open still goes on waiting, for any other event.
 */
function refuse(bucket: Bucket, input: Input<"RefuseEvent">, nowMs: number): readonly CorrelationEvent[] {
  const { event, instance, wait, isOpen } = input;
  const refused: KeyedWait = { instance, wait };
  const known = entryOf(bucket, event);
  if (known !== undefined && !known.takers.some((taker) => isSameWait(taker, refused))) return [];
  const fate = fateOfRefused(bucket, input, known, nowMs);
  return isOpen ? [fate, ...giveBack(bucket, { ...input, type: "ReturnWait", event: refOf(event) })] : [fate];
}

function fateOfRefused(
  bucket: Bucket,
  { event, instance, wait, isOpen, isCut }: Input<"RefuseEvent">,
  known: KnownEvent | undefined,
  nowMs: number,
): CorrelationEvent {
  const who = `wait ${wait} of instance ${instance}`;
  if (isCut) {
    return { type: "EventDropped", event, disposition: "rejected", reason: `${who} could not take it`, isCut };
  }
  if (known === undefined) {
    const reason = `${who} refused it after it was forgotten here`;
    return { type: "EventDropped", event, disposition: "expired", reason };
  }
  const refusals = known.refusedBy?.length ?? 0;
  if (isOpen && refusals >= REFUSALS_MAX) {
    const reason = `expected a wait that can take it among ${REFUSALS_MAX}, found none`;
    return { type: "EventDropped", event, disposition: "rejected", reason };
  }
  const { expiresMs, shared } = known;
  const refused: KeyedWait = { instance, wait };
  const refusedBy = isOpen ? { refusedBy: refused } : {};
  if (shared) {
    const mayReturn = expiresMs > nowMs && (known.held !== undefined || roomFor(bucket, event) === undefined);
    // Where others have it still, it is held only if it may be; that it is back from one of them is a fact all the same.
    const hasOthers = known.takers.length > 1;
    if (mayReturn || hasOthers) return { type: "EventHeld", event, expiresMs, shared, refused, ...refusedBy };
    return holdOrDrop(bucket, event, expiresMs, nowMs);
  }
  const next = firstSuited(bucket, known);
  const fate = next === undefined ? holdOrDrop(bucket, event, expiresMs, nowMs) : match(next, event, known);
  return fate.type === "EventDropped" ? fate : { ...fate, ...refusedBy };
}

function match(wait: KeyedWait, event: CloudEvent, { expiresMs, shared }: { expiresMs: number; shared?: true }) {
  return { type: "EventMatched", wait, event, expiresMs, ...(shared && { shared }) } as const;
}
