import type { CloudEvent, EventRef } from "./cloud-event.ts";
import type { ReplyTo, Stamp } from "./decision.ts";

/** An input of the correlator, the value of a record on `antiphon.correlation`; the record's key is the correlation key. */
export type CorrelationInput = { readonly key: string; readonly from?: Stamp; readonly reply?: ReplyTo } & (
  | { readonly type: "OpenWait"; readonly wait: KeyedWait; readonly cardinality: Cardinality }
  | { readonly type: "CloseWait"; readonly instance: string; readonly wait: string }
  | {
      readonly type: "OfferEvent";
      readonly event: CloudEvent;
      readonly cardinality: Cardinality;
      readonly bufferMs: number;
    }
  /** An instance had taken what was matched before, by another way: the wait goes on waiting, the event is spent. */
  | { readonly type: "ReturnWait"; readonly instance: string; readonly wait: string; readonly event: EventRef }
  /** An instance did not take what was matched: the event is offered again. */
  | {
      readonly type: "RefuseEvent";
      readonly instance: string;
      readonly wait: string;
      readonly event: CloudEvent;
      /** The wait is open still: it waits for another event, and does not get this one again. */
      readonly isOpen?: true;
      /** The event stands here without its data, so that it can be offered to no other wait. */
      readonly isCut?: true;
    }
);

/** How many waits on one key an event resolves: the oldest, every one, or there may be one only. */
export type Cardinality = "one" | "all" | "reject";

export interface KeyedWait {
  readonly instance: string;
  readonly wait: string;
}

/**
 * A fact about one correlation key. `antiphon.correlations` holds them, a decision at a time. An event that is `shared`
 * goes to every wait (cardinality `all`), and to each instance once.
 */
export type CorrelationEvent =
  | { readonly type: "WaitRegistered"; readonly wait: KeyedWait }
  | { readonly type: "WaitRemoved"; readonly wait: KeyedWait }
  /** The wait is open still after a match, and is first in turn again. */
  | { readonly type: "WaitReturned"; readonly wait: KeyedWait; readonly event: EventRef }
  /** The wait is not registered: its workflow must not wait here. */
  | { readonly type: "WaitRefused"; readonly wait: KeyedWait; readonly reason: string }
  | {
      /** The event goes to this wait. The reply is the instance's to give. */
      readonly type: "EventMatched";
      readonly wait: KeyedWait;
      readonly event: CloudEvent;
      /** Until when the event may be held if the wait does not take it. */
      readonly expiresMs: number;
      readonly shared?: true;
      readonly reply?: ReplyTo;
      /** The wait that refused it and is open still: the event does not go to it again. */
      readonly refusedBy?: KeyedWait;
    }
  | {
      /** Nobody waits for the event yet. */
      readonly type: "EventHeld";
      readonly event: CloudEvent;
      readonly expiresMs: number;
      readonly shared?: true;
      /** The wait that it is back from, where other waits may have it still. */
      readonly refused?: KeyedWait;
      /** The wait that refused it and is open still: the event does not go to it again. */
      readonly refusedBy?: KeyedWait;
    }
  | {
      readonly type: "EventDropped";
      readonly event: CloudEvent;
      readonly disposition: "duplicate" | "expired" | "rejected";
      readonly reason: string;
      /** The event stands here without its data. */
      readonly isCut?: true;
    }
  /** Time has passed: what was remembered to tell duplicates by is forgotten. */
  | { readonly type: "EventsForgotten" };
