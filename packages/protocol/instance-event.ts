import type { ActionRequested, ChildRequested, ChildRetriggered } from "./action-event.ts";
import type { CloudEvent, EventRef } from "./cloud-event.ts";
import type { ActionOutcome, FoundBy, ParentAction, StartOnce, WorkflowError } from "./command.ts";
import type { Continuation, InstanceTimeout } from "./continuation.ts";
import type { Cardinality } from "./correlation-event.ts";
import type { Disposition, ReplyTo } from "./decision.ts";
import type { Json, JsonObject } from "./json.ts";
import type { ScheduleEvent } from "./schedule-event.ts";
import type { TimerEvent } from "./timer-event.ts";

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
      /** How many instances stand before it, each started by the one before (`antiphonhops`); absent: none. */
      readonly hops?: number;
      /** The first of them (`antiphonroot`); absent: there is none. */
      readonly family?: string;
      /** What expressions may name beside the data, `$name`; absent: nothing. */
      readonly variables?: JsonObject;
      /** The action of another instance that asked for it; absent: none. */
      readonly parent?: ParentAction;
      /** The state in which it starts, if that is not its definition's. */
      readonly startFrom?: string;
      /** When its time is up, in place of the time that its definition gives it. */
      readonly timeout?: InstanceTimeout;
      /** What makes its start count once; absent: each request starts another one. */
      readonly once?: StartOnce;
      /** Who is answered when it first rests. */
      readonly reply?: ReplyTo;
    }
  /** Visits of states are counted from 1; an instance's visit numbers never repeat. */
  | {
      readonly type: "StateEntered";
      readonly state: string;
      readonly visit: number;
      /** It is the next one that undoes something. */
      readonly undoes?: true;
    }
  | {
      readonly type: "StateLeft";
      readonly state: string;
      readonly visit: number;
      /** The state that undoes it; absent: it cannot be undone. */
      readonly compensatedBy?: string;
    }
  /** The instance, or a branch of it, has come to rest at another step of the state it is in. */
  | { readonly type: "TokenMoved"; readonly step: string; readonly branch?: string }
  /** The data of the instance has changed, or a branch's own copy of it. */
  | { readonly type: "DataChanged"; readonly data: Json; readonly branch?: string }
  /** Branches begin within a visit, `{visit}.{place}`: that many at the most, or one for each item. */
  | { readonly type: "ForkStarted"; readonly fork: string; readonly total: number; readonly items?: readonly Json[] }
  | BranchStarted
  /** A branch is over. Its output, if it has one, is kept until its fork has joined. */
  | {
      readonly type: "BranchEnded";
      readonly branch: string;
      readonly outcome: "completed" | "cancelled";
      readonly output?: Json;
    }
  /** All branches of a fork that count are over. */
  | { readonly type: "ForkJoined"; readonly fork: string }
  | ActionRequested
  | ChildRequested
  | ChildRetriggered
  | {
      readonly type: "ActionCompleted";
      readonly action: string;
      readonly output?: Json;
      readonly http?: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
    }
  | { readonly type: "ActionFailed"; readonly action: string; readonly error: WorkflowError }
  /** It failed, and is tried again: this is the number of the attempt that comes, 2 or more. */
  | {
      readonly type: "ActionRetried";
      readonly action: string;
      readonly attempt: number;
      readonly error?: WorkflowError;
    }
  /** Nobody waits for its result any more. A child instance that performs it is aborted. */
  | { readonly type: "ActionCancelled"; readonly action: string; readonly child?: string }
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
  /** The data of a wait's event is in the instance's, while its state goes on waiting for others. */
  | { readonly type: "EventTaken"; readonly wait: string }
  /** It came early: kept for a wait that is not open yet, until it expires. */
  | { readonly type: "EventBuffered"; readonly event: CloudEvent; readonly expiresMs: number }
  | EventIgnored
  /** A wait ended without its event. */
  | {
      readonly type: "WaitClosed";
      readonly wait: string;
      /**
       * Failed: with its instance, which may be repaired; the wait is opened again then. Retried: its action is asked for
       * again, also where it had its event, and a wait of another id takes its place.
       */
      readonly reason: "timeout" | "left" | "ended" | "refused" | "failed" | "retried";
      /** Why the correlator refused it. */
      readonly refusal?: string;
      /** The correlation keys that it was registered under; absent: none. */
      readonly keys?: readonly string[];
    }
  | TimerEvent
  | EventProduced
  /** A line for the log of whoever runs it (`sysout`). */
  | { readonly type: "MessageLogged"; readonly level: string; readonly message: string }
  /** An error was caught by `onErrors`. */
  | { readonly type: "ErrorCaught"; readonly error: WorkflowError }
  /** The instance that performs this action waits for something outside, and so does this one. */
  | { readonly type: "ActionRested"; readonly action: string }
  /** This instance rests: that is told to the action that started it, once; `parent` does not ask for it any more. */
  | { readonly type: "RestReported"; readonly parent: ParentAction }
  /** What this instance came to is told to the action that started it. */
  | { readonly type: "ResultReturned"; readonly parent: ParentAction; readonly outcome: ActionOutcome }
  /** The action that started this instance waits again for what it comes to, after it had failed. */
  | { readonly type: "ResultAwaited"; readonly parent: ParentAction }
  /** Another instance goes on where this one ends. Its headers are said as `ChildRequested` says them. */
  | ({
      readonly type: "InstanceContinued";
      readonly parent?: ParentAction;
      readonly headers?: Readonly<Record<string, string>>;
    } & Continuation)
  /**
   * States that have been completed are undone by these, one after the other; then the instance goes on. Said again while
   * something is being undone, it is about what comes behind that.
   */
  | { readonly type: "CompensationStarted"; readonly states: readonly string[]; readonly after: AfterCompensation }
  | {
      readonly type: "CompensationEnded";
      /** What has not been undone, in the order of `CompensationStarted`: it can be undone later. Absent: all has been. */
      readonly left?: readonly string[];
    }
  /** An instance that had failed goes on: what failed is tried again, or passed over. */
  | {
      readonly type: "InstanceRetriggered";
      readonly skip?: true;
      /** How long its timers stood still, milliseconds: those that run are due so much later. Absent: they did not stand still. */
      readonly pausedMs?: number;
    }
  /** Who asked for what it does now is answered when it rests, or has ended. */
  | { readonly type: "AnswerPromised"; readonly reply: ReplyTo }
  /** Somebody else asked for its start, which changes nothing: an instance is started once. */
  | { readonly type: "StartIgnored" }
  | { readonly type: "InstanceCompleted" }
  | {
      readonly type: "InstanceFaulted";
      readonly error: WorkflowError;
      /** The branch that failed; absent: none did, the state itself. */
      readonly branch?: string;
    }
  | {
      readonly type: "InstanceAborted";
      readonly reason: string;
      /** The instances that performed actions of this one and are aborted with it; absent: none. */
      readonly children?: readonly string[];
    }
  | ScheduleEvent;

/** A part of a visit that has a position of its own in the state's steps. */
export interface BranchStarted {
  readonly type: "BranchStarted";
  /** `{fork}[{number}]`, numbers from 0; what happens in it has ids that begin with it. */
  readonly branch: string;
  /** Its data: the instance's own, a copy of that, or nothing but what its last action brings. */
  readonly scope: "shared" | "copy" | "result";
  /** What expressions may name in it, `$name`. */
  readonly variables?: JsonObject;
}

/** An event to be published: at least once, always with this id. */
export interface EventProduced {
  readonly type: "EventProduced";
  readonly topic: string;
  readonly event: CloudEvent;
  /** The channel that its type has; absent: none, so that a deployment's sink takes it where there is one. */
  readonly channel?: string;
  /** The URL that its channel sends it to; absent: it goes to the topic. */
  readonly sink?: string;
  /** How it is written, `data`: nothing but its data. Absent: structured on a topic, binary over HTTP. */
  readonly mode?: "binary" | "structured" | "data";
}

/** Where an instance goes on once what had to be undone is undone. */
export type AfterCompensation =
  | { readonly kind: "transition"; readonly to: string }
  | { readonly kind: "end"; readonly terminate: boolean; readonly continuation?: Continuation }
  /** The children are those that were given up before anything was undone. */
  | { readonly kind: "abort"; readonly reason: string; readonly children?: readonly string[] };

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
  /** Whoever is to send it has a URL for it: an event that merely names the instance does not resolve the wait. */
  readonly byToken?: true;
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
  /** It was matched to a wait which is open still, and goes on waiting for another. */
  readonly isWaiting?: true;
  /** The event stands here without its data: with it, it could not be written down. */
  readonly isCut?: true;
  /** It came by a callback's token: why the token's wait does not take it. */
  readonly refused?: "used" | "closed" | "unknown";
}
