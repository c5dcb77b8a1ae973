import type { InstanceEvent } from "@antiphon/protocol";
import { type InstanceRow, visitOf } from "./instance-row.ts";
import { shortText } from "./short-text.ts";

/** What one decision says of an instance. */
export interface InstanceChange {
  readonly kind: "instance";
  readonly key: string;
  readonly offset: number;
  readonly atMs: number;
  readonly events: readonly InstanceEvent[];
}

type ActiveRow = Extract<InstanceRow, { readonly status: "active" }>;
type FaultedRow = Extract<InstanceRow, { readonly status: "faulted" }>;

/** The place in ids of timers of a state's event timeout, after which its waits are over. */
const TIMEOUT = ".timeout";

/** What a timer of that place times: a visit, `3`, or one wait, `3.ask.result`. */
function timedBy(timer: string): string {
  return timer.slice(0, -TIMEOUT.length);
}

/** An instance's row after one more decision; undefined as long as nothing has started it. */
export function evolveInstance(row: InstanceRow | undefined, change: InstanceChange): InstanceRow | undefined {
  const { offset, atMs, events } = change;
  let after = row;
  for (const event of events) {
    if (event.type === "InstanceStarted") after = started(event, change);
    else if (event.type === "InstanceRetriggered" && after?.status === "faulted") after = goingOn(after, event);
    else if (after?.status === "active") after = evolveActive(after, event, atMs);
    else if (after?.status === "faulted" && event.type === "InstanceAborted") {
      after = ended(goingOn(after), event, atMs);
    }
  }
  return after && { ...after, newest: offset, updatedMs: atMs };
}

type Event<Type extends InstanceEvent["type"]> = Extract<InstanceEvent, { readonly type: Type }>;

function started(event: Event<"InstanceStarted">, { offset, atMs }: InstanceChange): InstanceRow {
  const { instance, workflow, version, definition, businessKey, parent } = event;
  return {
    status: "active",
    id: instance,
    workflow,
    version,
    definition,
    ...(businessKey !== undefined && { businessKey }),
    ...(parent && { parent: parent.instance, root: parent.root.instance }),
    startedMs: atMs,
    updatedMs: atMs,
    newest: offset,
    waits: {},
    deadlines: {},
  };
}

/** One that had failed goes on where it stood. What it waits for is opened again, and has as long as it had left. */
function goingOn(
  { endedMs: _, error: __, deadlines = {}, ...row }: FaultedRow,
  { pausedMs = 0 }: Partial<Event<"InstanceRetriggered">> = {},
): ActiveRow {
  const later = Object.entries(deadlines).map(([timed, dueMs]) => [timed, dueMs + pausedMs] as const);
  return { ...row, status: "active", waits: {}, deadlines: Object.fromEntries(later) };
}

function evolveActive(row: ActiveRow, event: Exclude<InstanceEvent, Event<"InstanceStarted">>, atMs: number) {
  switch (event.type) {
    case "StateEntered":
      return { ...row, state: event.state };
    case "StateLeft":
      return {
        ...row,
        waits: without(row.waits, (wait) => visitOf(wait) === String(event.visit)),
        deadlines: without(row.deadlines, (timed) => visitOf(timed) === String(event.visit)),
      };
    case "EventAwaited": {
      const wait = { state: row.state ?? "", events: event.events, sinceMs: atMs };
      return { ...row, waits: { ...row.waits, [event.wait]: wait } };
    }
    case "EventReceived":
    case "WaitClosed":
      return { ...row, waits: without(row.waits, (wait) => wait === event.wait) };
    case "TimerStarted":
      if (!event.timer.endsWith(TIMEOUT)) return row;
      return { ...row, deadlines: { ...row.deadlines, [timedBy(event.timer)]: event.dueMs } };
    case "TimerFired":
    case "TimerCancelled":
      if (!event.timer.endsWith(TIMEOUT)) return row;
      return { ...row, deadlines: without(row.deadlines, (timed) => timed === timedBy(event.timer)) };
    case "InstanceCompleted":
    case "InstanceAborted":
      return ended(row, event, atMs);
    case "InstanceFaulted":
      return faulted(row, event, atMs);
    default:
      return row;
  }
}

function ended(row: ActiveRow, event: Event<`Instance${"Completed" | "Aborted"}`>, atMs: number): InstanceRow {
  const { status: _, state: __, waits: ___, deadlines: ____, ...kept } = row;
  return event.type === "InstanceCompleted"
    ? { ...kept, status: "completed", endedMs: atMs }
    : { ...kept, status: "aborted", endedMs: atMs, reason: shortText(event.reason) };
}

/** It stands where it failed. Its waits are closed by facts of their own. */
function faulted(row: ActiveRow, { error }: Event<"InstanceFaulted">, atMs: number): FaultedRow {
  const { waits: _, ...kept } = row;
  const { code, message, where, child } = error;
  const short = { code, message: shortText(message) };
  const shown = { ...short, ...(where !== undefined && { where }), ...(child && { child }) };
  return { ...kept, status: "faulted", endedMs: atMs, error: shown };
}

function without<T>(entries: Readonly<Record<string, T>>, isGone: (id: string) => boolean) {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => !isGone(id)));
}
