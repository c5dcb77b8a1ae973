import type { Instance } from "@antiphon/engine";
import type { InstanceEvent } from "@antiphon/protocol";
import { type InstanceRow, visitOf } from "./instance-row.ts";
import { familyOf, rowOf, shownError } from "./row-of.ts";
import { shortText } from "./short-text.ts";
import { isTimeout, timedBy } from "./wait-timeout.ts";

/** What one decision says of an instance. */
export interface InstanceChange {
  readonly kind: "instance";
  readonly key: string;
  readonly offset: number;
  readonly atMs: number;
  readonly events: readonly InstanceEvent[];
  /** It copies the instance forward as it is; there are no events then. */
  readonly state?: Instance;
  /** It ended long ago, and its owner has forgotten it. */
  readonly isForgotten?: true;
}

type ActiveRow = Extract<InstanceRow, { readonly status: "active" }>;
type FaultedRow = Extract<InstanceRow, { readonly status: "faulted" }>;

/**
 * An instance's row after one more decision; undefined as long as nothing has started it. A copy of the instance changes
 * nothing where the row is there: without one it is the row, whatever facts of the instance lie before it.
 */
export function evolveInstance(row: InstanceRow | undefined, change: InstanceChange): InstanceRow | undefined {
  const { offset, atMs, events, state, isForgotten } = change;
  if (isForgotten) return row?.status === "active" || row?.status === "faulted" ? row : undefined;
  if (state !== undefined) return row === undefined ? rowOf(state, change) : { ...row, newest: offset };
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
    ...(parent && familyOf(parent)),
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
      if (!isTimeout(event.timer)) return row;
      return { ...row, deadlines: { ...row.deadlines, [timedBy(event.timer)]: event.dueMs } };
    case "TimerFired":
    case "TimerCancelled":
      if (!isTimeout(event.timer)) return row;
      return { ...row, deadlines: without(row.deadlines, (timed) => timed === timedBy(event.timer)) };
    case "RestReported":
    case "ResultAwaited":
      return { ...row, ...familyOf(event.parent) };
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
  return { ...kept, status: "faulted", endedMs: atMs, error: shownError(error) };
}

function without<T>(entries: Readonly<Record<string, T>>, isGone: (id: string) => boolean) {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => !isGone(id)));
}
