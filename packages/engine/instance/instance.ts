import type {
  AfterCompensation,
  AwaitedEvent,
  BranchStarted,
  CloudEvent,
  InstanceTimeout,
  Json,
  JsonObject,
  ParentAction,
  ReplyTo,
  Slice,
  SpentEvents,
  StartOnce,
  StartTimes,
  WorkflowError,
} from "@antiphon/protocol";
import type { Paced } from "./pace.ts";
import type { SeenEvent } from "./seen.ts";

/**
 * What one workflow instance is, the fold of its events: what a decision needs, and nothing else. Plain JSON; whoever
 * stores it writes it with `formatJson` and reads it with `parseJson`.
 */
export type Instance = AbsentInstance | ActiveInstance | FaultedInstance | EndedInstance | ScheduleState;

/** No instance, but what starts those of a workflow by itself: its id is `schedule:{workflow}`. */
export interface ScheduleState {
  readonly status: "scheduled";
  readonly workflow: string;
  /** Content hash of the definition that its instances are pinned to. */
  readonly definition: string;
  readonly times: StartTimes;
  /** The next start, epoch milliseconds; absent: there is none. */
  readonly nextMs?: number;
  readonly fired: number;
}

/** Nothing has started it. Answers that came before the start are kept for it. */
export interface AbsentInstance {
  readonly status: "absent";
  readonly buffer: readonly BufferedEvent[];
}

interface StartedInstance {
  readonly id: string;
  readonly workflow: string;
  readonly version: string;
  /** Content hash of the definition. */
  readonly definition: string;
  readonly data: Json;
  readonly businessKey?: string;
  /** Result events that it has taken, oldest first. */
  readonly seen: readonly SeenEvent[];
  /** Events that it took before the newest `SEEN_MAX`; absent: none. */
  readonly spent?: SpentEvents;
  /** The number of the newest visit of a state. */
  readonly visits: number;
  /** Where it stands, by the token's name. A faulted instance shows where it failed. */
  readonly tokens: Readonly<Record<string, Token>>;
  /** What makes its start count once. */
  readonly once?: StartOnce;
  /** The request that started it and has not been answered. */
  readonly reply?: ReplyTo;
}

/** What an instance needs to go on: an active one has it, and a faulted one that may be repaired. */
interface Running extends StartedInstance, Paced {
  readonly headers: Readonly<Record<string, string>>;
  /** Values of correlation attributes known so far. */
  readonly correlation: Readonly<Record<string, string>>;
  readonly referenceId?: string;
  /** How many instances stand before it, each started by the one before; absent: none. */
  readonly hops?: number;
  /** When it started, epoch milliseconds. Absent: an earlier release started it, which kept that for few. */
  readonly sinceMs?: number;
  /** When its newest fact was decided. Absent: an earlier release stored it. */
  readonly updatedMs?: number;
  /** The first of them; absent: there is none. */
  readonly family?: string;
  /** The type of the event that started it. */
  readonly startedByType?: string;
  /** What expressions may name beside the data, `$name`. */
  readonly variables?: JsonObject;
  /** The action of another instance that asked for it. */
  readonly parent?: ParentAction;
  /** The instance that goes on where this one is about to end. */
  readonly continuedAs?: string;
  readonly timeout?: InstanceTimeout;
  /** What it was started with, if an expression reads it. */
  readonly input?: Json;
  /** An expression reads what the last action brought. */
  readonly keepsResult?: true;
  /** What the last action brought, where it is kept. */
  readonly lastResult?: Json;
  /** The last answer by HTTP. */
  readonly lastHttp?: HttpAnswer;
  /** By id, `{visit}.{place}`: an entry stays until its state is left. */
  readonly actions: Readonly<Record<string, ActionState>>;
  /** The number of the newest attempt of an action, if it is not the first. */
  readonly attempts?: Readonly<Record<string, number>>;
  readonly waits: Readonly<Record<string, WaitState>>;
  readonly timers: Readonly<Record<string, TimerState>>;
  /** What it does goes on when this timer fires, at once: until then it does not rest. */
  readonly slice?: Slice & { readonly timer: string };
  readonly forks?: Readonly<Record<string, Fork>>;
  readonly branches?: Readonly<Record<string, Branch>>;
  /** Actions under way that nobody waits for. */
  readonly detached?: Readonly<Record<string, Detached>>;
  /** States that undo what was done, the newest last. */
  readonly undo?: readonly string[];
  /** What is being undone, and where it goes then. */
  readonly compensation?: { readonly states: readonly string[]; readonly after: AfterCompensation };
  readonly buffer: readonly BufferedEvent[];
}

export interface ActiveInstance extends Running {
  readonly status: "active";
}

/** It has failed, and stands where it did: it may be repaired, and tried again. */
export interface FaultedInstance extends Running {
  readonly status: "faulted";
  readonly error: WorkflowError;
  /** The branch that failed, if one did. */
  readonly failedBranch?: string;
  /** Since when its timers stand still; absent: it was stored by a release in which they went on. */
  readonly failedMs?: number;
}

export type EndedInstance = StartedInstance & {
  /** Epoch milliseconds; absent: it was stored by a release that did not say. */
  readonly endedMs?: number;
} & (
    | {
        readonly status: "completed";
        /** The instance that goes on where it ended. */
        readonly continuedAs?: string;
      }
    | {
        readonly status: "aborted";
        readonly reason: string;
        /** The instances that are aborted with it; absent: none. */
        readonly children?: readonly string[];
      }
  );

/** The name of the one token that there is so far. */
export const MAIN = "main";

/** The step at which the token of an instance rests that is kept active (`keepActive`) beyond its end: it has left its state. */
export const ENDED = "ended";

export interface Token {
  readonly state: string;
  readonly visit: number;
  /** The step that it rests at; absent: it is on its way. */
  readonly step?: string;
}

/** Branches of a visit, by their number. */
export interface Fork {
  /** How many there will be, one after the other or at once. */
  readonly total: number;
  /** What each is for, where they are for something. */
  readonly items?: readonly Json[];
  readonly started: number;
  readonly completed: number;
  /** What they came to, where that is kept. */
  readonly outputs: Readonly<Record<number, Json>>;
}

/** One that is under way. */
export interface Branch {
  readonly scope: BranchStarted["scope"];
  /** Of a copy, or the last result; absent: the instance's own. */
  readonly data?: Json;
  readonly variables?: JsonObject;
  /** The step that it rests at; absent: it is on its way. */
  readonly step?: string;
  readonly lastResult?: Json;
}

/** An action that nobody waits for, and what becomes of the instance that performs it when this one ends. */
export interface Detached {
  readonly child?: string;
  readonly atEnd: "continue" | "terminate";
}

export type ActionState =
  | { readonly status: "pending"; readonly function: string; readonly child?: string; readonly isResting?: true }
  | { readonly status: "completed"; readonly output?: Json }
  | { readonly status: "failed"; readonly error: WorkflowError }
  | { readonly status: "cancelled" };

export type WaitState =
  | { readonly status: "open"; readonly events: readonly AwaitedEvent[]; readonly sinceMs: number }
  /** Taken: its data is in the instance's already. */
  | { readonly status: "received"; readonly event: CloudEvent; readonly isTaken?: true }
  /** It will be open again when its instance, which has failed, is repaired. */
  | { readonly status: "suspended"; readonly events: readonly AwaitedEvent[] }
  | { readonly status: "refused"; readonly reason: string; readonly events: readonly AwaitedEvent[] };

export interface TimerState {
  readonly dueMs: number;
  readonly fired: boolean;
}

/** An event that came early. */
export interface BufferedEvent {
  readonly event: CloudEvent;
  /** When it came. Absent: an earlier release stored it. */
  readonly sinceMs?: number;
  readonly expiresMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The instance of which nothing is known. */
export const absent: AbsentInstance = { status: "absent", buffer: [] };

/** The correlation keys that an open wait is registered under, as its closing fact carries them; no member if there are none. */
export function keysOf(wait: WaitState | undefined): { readonly keys?: readonly string[] } {
  if (wait?.status !== "open") return {};
  const keys = wait.events.flatMap(({ key }) => (key === undefined ? [] : [key]));
  return keys.length === 0 ? {} : { keys };
}
