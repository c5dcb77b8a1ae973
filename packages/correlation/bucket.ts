import type { CloudEvent, KeyedWait, SpentEvents } from "@antiphon/protocol";

/** What is known of one correlation key: who waits, what came early, and what came already. Plain JSON. */
export interface Bucket {
  /** Open waits, the one that was registered first in front. */
  readonly waits: readonly KeyedWait[];
  /** Events, the one that arrived first in front. */
  readonly events: readonly KnownEvent[];
  /** Events that went to a wait before the newest `REMEMBERED_MAX` did; absent: none. */
  readonly spent?: SpentEvents;
}

/** An event that came for the key: held until a wait takes it, then remembered so that it is known if it comes again. */
export interface KnownEvent {
  readonly source: string;
  readonly id: string;
  /** It is not held any longer than this, epoch milliseconds. */
  readonly expiresMs: number;
  /** It is not remembered any longer than this; never before `expiresMs`. */
  readonly forgetMs: number;
  /** It goes to every wait. */
  readonly shared?: true;
  /** Present while it is held, with its length as JSON text, and since when; absent: an earlier release stored it. */
  readonly held?: { readonly event: CloudEvent; readonly chars: number; readonly sinceMs?: number };
  /** The waits that it went to and that have not refused it. */
  readonly takers: readonly KeyedWait[];
  /** Waits that could not take it and are open still: it does not go to them again. */
  readonly refusedBy?: readonly KeyedWait[];
}

/** The bucket of a key of which nothing is known. What `evolve` leaves empty is this very object. */
export const emptyBucket: Bucket = { waits: [], events: [] };

/** The most waits that may be open on one key; a further one is refused. */
export const WAITS_MAX = 10_000;

/** The most events that are held on one key, and the most characters of them; a further one is rejected. */
export const HELD_MAX = 1_000;
export const HELD_CHARS_MAX = 2_000_000;

/** The most events that are remembered with the waits that they went to; of older ones it is known that they came. */
export const REMEMBERED_MAX = 1_000;

/**
 * The most events of which only that is known, in groups of `SPENT_GROUP_MAX`: 220 KB of a key's state. A key to which more
 * come in the time for which events are remembered forgets the oldest before that time is over.
 */
export const SPENT_GROUPS_MAX = 20;

/** An event is told from its duplicates for at least this long, also where it is not held. */
export const REMEMBER_MS_MIN = 3_600_000;

/** An event that this many open waits could not take is offered to no further one. */
export const REFUSALS_MAX = 100;

/** A shared event goes to this many waits at most; it is not held for further ones. */
export const TAKERS_MAX = 10_000;

/** An event that is held. */
export type HeldEvent = KnownEvent & { readonly held: NonNullable<KnownEvent["held"]> };

/** The events that are held. */
export function heldIn(bucket: Bucket): readonly HeldEvent[] {
  return bucket.events.filter((known): known is HeldEvent => known.held !== undefined);
}

/** The entry of an event, by its source and id; undefined if it never came, or was forgotten. */
export function entryOf(bucket: Bucket, event: Pick<CloudEvent, "source" | "id">): KnownEvent | undefined {
  return bucket.events.find(({ source, id }) => id === event.id && source === event.source);
}

/** Whether two waits are the same one. */
export function isSameWait(a: KeyedWait, b: KeyedWait): boolean {
  return a.instance === b.instance && a.wait === b.wait;
}

/**
 * The wait that a held event goes to next: the oldest. A shared event goes to each instance once, so that no loop of a
 * workflow lives on one event.
 */
export function firstSuited(
  bucket: Bucket,
  { shared, takers, refusedBy = [] }: Pick<KnownEvent, "shared" | "takers" | "refusedBy">,
): KeyedWait | undefined {
  if (shared !== true && refusedBy.length === 0) return bucket.waits[0];
  const had = new Set(shared === true ? takers.map(({ instance }) => instance) : []);
  return bucket.waits.find((wait) => !had.has(wait.instance) && !refusedBy.some((other) => isSameWait(other, wait)));
}
