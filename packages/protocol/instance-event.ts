import type { CloudEvent, EventRef } from "./cloud-event.ts";
import type { FoundBy, WorkflowError } from "./command.ts";
import type { Cardinality } from "./correlation-event.ts";
import type { Disposition, ReplyTo } from "./decision.ts";
import type { Json } from "./json.ts";

/** A fact about one instance. `antiphon.history` holds them, a decision at a time. */
export type InstanceEvent =
  | {
      readonly type: "InstanceStarted";
      /** Its id, which its actions, events and callback URLs carry. */
      readonly instance: string;
      readonly workflow: string;
      readonly version: string;
      /** Content hash of the definition. */
      readonly definition: string;
      readonly data: Json;
      /** An expression of the definition reads what it was started with: `data` is kept for it. */
      readonly keepsInput?: true;
      /** An expression of the definition reads what the last action brought: that is kept. */
      readonly keepsResult?: true;
      readonly businessKey?: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Values of correlation attributes known so far. */
      readonly correlation: Readonly<Record<string, string>>;
      readonly startedBy?: EventRef;
      /** The `kogitoprocrefid` of what it produces: the instance that started it. */
      readonly referenceId?: string;
      /** Who is answered when it first rests. */
      readonly reply?: ReplyTo;
    }
  /** Visits of states are counted from 1; an instance's visit numbers never repeat. */
  | { readonly type: "StateEntered"; readonly state: string; readonly visit: number }
  | { readonly type: "StateLeft"; readonly state: string; readonly visit: number }
  /** The instance has come to rest at another step of the state it is in. */
  | { readonly type: "TokenMoved"; readonly step: string }
  | { readonly type: "DataChanged"; readonly data: Json }
  | ActionRequested
  | {
      readonly type: "ActionCompleted";
      readonly action: string;
      readonly output?: Json;
      readonly http?: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
    }
  | { readonly type: "ActionFailed"; readonly action: string; readonly error: WorkflowError }
  /** Nobody waits for its result any more. */
  | { readonly type: "ActionCancelled"; readonly action: string }
  | EventAwaited
  /** A wait is resolved. */
  | {
      readonly type: "EventReceived";
      readonly wait: string;
      readonly event: CloudEvent;
      readonly found: FoundBy;
      /** Values of correlation attributes that it brought. */
      readonly correlation?: Readonly<Record<string, string>>;
      /** The correlation keys that the wait was registered under; absent: none. */
      readonly keys?: readonly string[];
    }
  /** It came early: kept for a wait that is not open yet, until it expires. */
  | { readonly type: "EventBuffered"; readonly event: CloudEvent; readonly expiresMs: number }
  | EventIgnored
  /** A wait ended without its event. */
  | {
      readonly type: "WaitClosed";
      readonly wait: string;
      readonly reason: "timeout" | "left" | "ended" | "refused";
      /** Why the correlator refused it. */
      readonly refusal?: string;
      /** The correlation keys that it was registered under; absent: none. */
      readonly keys?: readonly string[];
    }
  | { readonly type: "TimerStarted"; readonly timer: string; readonly dueMs: number }
  | { readonly type: "TimerFired"; readonly timer: string }
  | { readonly type: "TimerCancelled"; readonly timer: string }
  /** An event to be published to a topic: at least once, always with this id. */
  | { readonly type: "EventProduced"; readonly topic: string; readonly event: CloudEvent }
  /** A line for the log of whoever runs it (`sysout`). */
  | { readonly type: "MessageLogged"; readonly level: string; readonly message: string }
  /** An error was caught by `onErrors`. */
  | { readonly type: "ErrorCaught"; readonly error: WorkflowError }
  | { readonly type: "InstanceCompleted" }
  | { readonly type: "InstanceFaulted"; readonly error: WorkflowError }
  | { readonly type: "InstanceAborted"; readonly reason: string };

/** A request to perform an action outside. Whoever performs it sends its id along, the same at every attempt. */
export interface ActionRequested {
  readonly type: "ActionRequested";
  /** Unique within the instance: `{visit}.{action name}`. */
  readonly action: string;
  /** Name of the function in the definition. */
  readonly function: string;
  /** Content hash of that definition. */
  readonly definition: string;
  readonly arguments: Json;
  /** Who asks, for the service to know: its business key and the like, by the names of extension attributes; absent: none. */
  readonly context?: Readonly<Record<string, string>>;
}

/** A wait is open: from here on its event can be taken, even while the action that asks for it still runs. */
export interface EventAwaited {
  readonly type: "EventAwaited";
  /** Unique within the instance: `{visit}.{place}`. */
  readonly wait: string;
  /** Any one of these resolves it. */
  readonly events: readonly AwaitedEvent[];
}

export interface AwaitedEvent {
  /** Name of the event definition, and its CloudEvents type. */
  readonly name: string;
  readonly eventType: string;
  /** The correlation key under which it is registered; absent: found by instance id or token only. */
  readonly key?: string;
  /** How many waits on that key an event resolves; absent: one. */
  readonly cardinality?: Cardinality;
}

/** An event that changes nothing here, and why. */
export interface EventIgnored {
  readonly type: "EventIgnored";
  readonly event: CloudEvent;
  readonly disposition: Exclude<Disposition, "resolved" | "started" | "buffered">;
  readonly reason: string;
  readonly found: FoundBy;
  /** A duplicate that was matched to a wait which is open still, and goes on waiting for another. */
  readonly isWaiting?: true;
  /** It came by a callback's token: why the token's wait does not take it. */
  readonly refused?: "used" | "closed" | "unknown";
}
