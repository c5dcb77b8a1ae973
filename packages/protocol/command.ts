import type { CloudEvent } from "./cloud-event.ts";
import type { ReplyTo, Stamp } from "./decision.ts";
import type { Json, JsonObject } from "./json.ts";

/** An order to one instance, the value of a record on `antiphon.commands`; the record's key is the instance id. */
export type Command = CommandEnvelope &
  (
    | StartInstance
    | DeliverEvent
    | CompleteAction
    | RefuseWait
    | AbortInstance
    | ReplaceData
    | MergeData
    | RetriggerInstance
    | MoveToken
    | FireTimer
    | ScheduleWorkflow
    | ReportRest
  );

export interface CommandEnvelope {
  readonly instance: string;
  readonly from?: Stamp;
  readonly reply?: ReplyTo;
}

export interface StartInstance {
  readonly type: "StartInstance";
  readonly workflow: string;
  /** Content hash of the definition that the instance is pinned to; absent: the newest is taken, of `version` if that is said. */
  readonly definition?: string;
  readonly version?: string;
  readonly data: Json;
  readonly businessKey?: string;
  /** Request headers, or the attributes of the event that starts it. */
  readonly headers: Readonly<Record<string, string>>;
  /** They came to another instance, which passes them on: they say nothing of how this one was started. */
  readonly headersPassedOn?: true;
  /** What expressions may name beside the data, `$name`; absent: nothing. */
  readonly variables?: JsonObject;
  /** Whoever started it has this id: its events carry it as `kogitoprocrefid`. */
  readonly referenceId?: string;
  /** How many instances stand before it, each started by the one before; absent: none. */
  readonly hops?: number;
  /** The first of them; absent: there is none. */
  readonly family?: string;
  /** The state to start in; absent: the definition's. */
  readonly startFrom?: string;
  /** The action of another instance that asks for it; absent: none. */
  readonly parent?: ParentAction;
  /** In place of the timeout of its definition. */
  readonly timeout?: { readonly dueMs: number; readonly interrupt: boolean; readonly runBefore?: string };
  /** What makes the start count once; absent: each request starts another instance. */
  readonly once?: StartOnce;
  /** The event that starts it, and the name of its definition. */
  readonly event?: { readonly name: string; readonly event: CloudEvent };
}

/** A start that is not made again by its repetition: the `Idempotency-Key` of the request, and a hash of what it asked for. */
export interface StartOnce {
  readonly key: string;
  readonly request: string;
}

/** The action that an instance performs for another one, and who stands at the root of their family. */
export interface ParentAction {
  readonly instance: string;
  readonly action: string;
  /** The attempt; absent: the first. */
  readonly attempt?: number;
  readonly root: { readonly instance: string; readonly workflow: string };
  /** Somebody waits for the other instance to rest, and so to be told when this one does. */
  readonly tellsRest?: true;
  /** The other instance does not wait for what this one comes to. */
  readonly detached?: true;
}

/** A result event for an instance. How it was found decides what an instance that does not want it does with it. */
export interface DeliverEvent {
  readonly type: "DeliverEvent";
  readonly event: CloudEvent;
  readonly found: FoundBy;
}

export type FoundBy =
  | { readonly by: "instance" }
  /** A callback token names the one wait. */
  | { readonly by: "token"; readonly wait: string }
  /** A match of the correlator's; if the instance refuses, the event goes back to `key`. */
  | { readonly by: "key"; readonly wait: string; readonly key: string };

/** What came of an action. */
export interface CompleteAction {
  readonly type: "CompleteAction";
  readonly action: string;
  /** The attempt that it answers; absent: the first. */
  readonly attempt?: number;
  readonly outcome: ActionOutcome;
}

export type ActionOutcome =
  | {
      readonly status: "completed";
      /** Absent: the service answered with no content. */
      readonly output?: Json;
      readonly http?: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
    }
  | { readonly status: "failed"; readonly error: WorkflowError };

/** An error inside a workflow, as `onErrors` sees it and as the instance keeps it. */
export interface WorkflowError {
  /** What an `errors[].code` is compared with first: an HTTP status, or a word of ours such as `TimedOut`. */
  readonly code: string;
  readonly message: string;
  /** Java class names that users of SonataFlow write in `code`, most specific first. */
  readonly classes: readonly string[];
  /** The place in the definition. */
  readonly where?: string;
  /** The instance whose failure it is, where another one performs the action; absent: none does, or it never started. */
  readonly child?: FailedChild;
}

/** An instance that performs an action of another one, and has failed at that. */
export interface FailedChild {
  readonly instance: string;
  readonly workflow: string;
  /** The place in its own definition. */
  readonly where?: string;
  /** It was given up, and cannot be mended. */
  readonly aborted?: true;
}

/** The correlator does not register a wait: on its key there must be no other, or are too many. */
export interface RefuseWait {
  readonly type: "RefuseWait";
  readonly wait: string;
  readonly reason: string;
}

/**
 * An instance ends, after what it has done is undone. One that has failed at that stays as it is: what is left to undo
 * must not be lost.
 */
export interface AbortInstance {
  readonly type: "AbortInstance";
  /** It ends at once, and whatever it has done stays done. */
  readonly compensate?: false;
}

export interface ReplaceData {
  readonly type: "ReplaceData";
  readonly data: JsonObject;
}

export interface MergeData {
  readonly type: "MergeData";
  readonly data: JsonObject;
}

/** An instance that has failed tries again what failed, or passes it over. */
export interface RetriggerInstance {
  readonly type: "RetriggerInstance";
  readonly skip?: true;
  /** The action of another instance that asks, and waits again for what it comes to; absent: a request does. */
  readonly parent?: ParentAction;
}

/** An instance leaves the state that it is in, undone, and enters another one. */
export interface MoveToken {
  readonly type: "MoveToken";
  readonly to: string;
}

/** A timer is fired before its time. */
export interface FireTimer {
  readonly type: "FireTimer";
  readonly timer: string;
}

/** The instance that performs an action has come to rest: it waits for something outside. */
export interface ReportRest {
  readonly type: "ReportRest";
  readonly action: string;
  /** The attempt; absent: the first. */
  readonly attempt?: number;
}

/** From now on a workflow starts by itself as this definition says; the instance is `schedule:{workflow}`. */
export interface ScheduleWorkflow {
  readonly type: "ScheduleWorkflow";
  readonly workflow: string;
  /** Content hash; absent: it starts by itself no more. */
  readonly definition?: string;
}
