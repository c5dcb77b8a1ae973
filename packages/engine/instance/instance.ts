import type { AwaitedEvent, CloudEvent, Json, ReplyTo, WorkflowError } from "@antiphon/protocol";

/**
 * What one workflow instance is, the fold of its events: what a decision needs, and nothing else. Plain JSON; whoever
 * stores it writes it with `formatJson` and reads it with `parseJson`.
 */
export type Instance = AbsentInstance | ActiveInstance | EndedInstance;

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
  /** The number of the newest visit of a state. */
  readonly visits: number;
  /** Where it stands, by the token's name. A faulted instance shows where it failed. */
  readonly tokens: Readonly<Record<string, Token>>;
  /** The request that started it and has not been answered. */
  readonly reply?: ReplyTo;
}

export interface ActiveInstance extends StartedInstance {
  readonly status: "active";
  readonly headers: Readonly<Record<string, string>>;
  /** Values of correlation attributes known so far. */
  readonly correlation: Readonly<Record<string, string>>;
  readonly referenceId?: string;
  /** The type of the event that started it. */
  readonly startedByType?: string;
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
  readonly waits: Readonly<Record<string, WaitState>>;
  readonly timers: Readonly<Record<string, TimerState>>;
  readonly buffer: readonly BufferedEvent[];
}

export type EndedInstance = StartedInstance &
  (
    | { readonly status: "completed" }
    | { readonly status: "aborted"; readonly reason: string }
    | { readonly status: "faulted"; readonly error: WorkflowError }
  );

/** The name of the one token that there is so far. */
export const MAIN = "main";

export interface Token {
  readonly state: string;
  readonly visit: number;
  /** The step that it rests at; absent: it is on its way. */
  readonly step?: string;
}

export type ActionState =
  | { readonly status: "pending"; readonly function: string }
  | { readonly status: "completed"; readonly output?: Json }
  | { readonly status: "failed"; readonly error: WorkflowError }
  | { readonly status: "cancelled" };

export type WaitState =
  | { readonly status: "open"; readonly events: readonly AwaitedEvent[]; readonly sinceMs: number }
  | { readonly status: "received"; readonly event: CloudEvent }
  | { readonly status: "refused"; readonly reason: string };

export interface TimerState {
  readonly dueMs: number;
  readonly fired: boolean;
}

/** An event that came early. */
export interface BufferedEvent {
  readonly event: CloudEvent;
  readonly expiresMs: number;
}

/** An event that was taken: by a wait, or as the start. */
export interface SeenEvent {
  readonly source: string;
  readonly id: string;
  readonly atMs: number;
  readonly wait?: string;
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

/** The visit that an id, `{visit}.{place}`, belongs to. */
export function visitOf(id: string): number {
  return Number.parseInt(id, 10);
}
