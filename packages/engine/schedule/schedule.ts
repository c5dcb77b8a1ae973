import { nextCronMs, repeatingInterval, type Schedule } from "@antiphon/definition";
import type { InstanceEvent, ScheduleEvent, StartTimes } from "@antiphon/protocol";
import type { Environment } from "../environment.ts";
import type { AbsentInstance, ScheduleState } from "../instance/instance.ts";
import { absent } from "../instance/instance.ts";

/** For how long starts are made good that nobody was there for, milliseconds; those missed before that are passed over. */
export const CATCH_UP_MS = 3_600_000;

/** The most starts of one decision; what is due beyond that is due again at once. */
export const STARTS_PER_DECISION_MAX = 100;

/** Sets the times at which a workflow starts by itself; nothing follows if they are set so already. */
export function setSchedule(
  state: AbsentInstance | ScheduleState,
  set: { readonly workflow: string; readonly definition: string; readonly schedule: Schedule } | undefined,
  nowMs: number,
): readonly InstanceEvent[] {
  if (set === undefined) return state.status === "absent" ? [] : [{ type: "ScheduleEnded" }];
  const { workflow, definition, schedule } = set;
  if (state.status === "scheduled" && state.definition === definition) return [];
  const times = timesOf(schedule);
  const isSame = state.status === "scheduled" && JSON.stringify(state.times) === JSON.stringify(times);
  const nextMs = isSame ? state.nextMs : nextStart(times, nowMs, 0);
  return [{ type: "ScheduleSet", workflow, definition, times, ...(nextMs !== undefined && { nextMs }) }];
}

/** Starts what is due. */
export function fireSchedule(state: ScheduleState, { nowMs, childId }: Environment): readonly InstanceEvent[] {
  const events: ScheduleEvent[] = [];
  let after = state;
  while (after.nextMs !== undefined && after.nextMs <= nowMs && events.length < STARTS_PER_DECISION_MAX) {
    const event = after.nextMs < nowMs - CATCH_UP_MS ? missed(after, nowMs) : fired(after, after.nextMs, childId);
    events.push(event);
    after = evolveSchedule(after, event) as ScheduleState;
  }
  return events;
}

/** A schedule after one more fact; without one, nothing is left of it. */
export function evolveSchedule(
  state: AbsentInstance | ScheduleState,
  event: ScheduleEvent,
): AbsentInstance | ScheduleState {
  switch (event.type) {
    case "ScheduleSet": {
      const { type: _, ...set } = event;
      const isSame = state.status === "scheduled" && JSON.stringify(state.times) === JSON.stringify(set.times);
      return { status: "scheduled", ...set, fired: isSame ? state.fired : 0 };
    }
    case "ScheduleFired":
    case "ScheduleMissed": {
      if (state.status !== "scheduled") throw new Error(`${event.type} cannot happen without a schedule`);
      const { nextMs: _, ...rest } = state;
      const fired = state.fired + (event.type === "ScheduleFired" ? 1 : (event.starts ?? 0));
      return { ...rest, fired, ...(event.nextMs !== undefined && { nextMs: event.nextMs }) };
    }
    case "ScheduleEnded":
      return absent;
  }
}

function fired(state: ScheduleState, dueMs: number, childId: Environment["childId"]): ScheduleEvent {
  const { workflow, definition, times } = state;
  const nextMs = nextStart(times, dueMs, state.fired + 1);
  const instance = childId(`schedule:${workflow}`, String(dueMs));
  return { type: "ScheduleFired", workflow, definition, instance, dueMs, ...(nextMs !== undefined && { nextMs }) };
}

function missed({ times, nextMs = 0, fired }: ScheduleState, nowMs: number): ScheduleEvent {
  const untilMs = nowMs - CATCH_UP_MS - 1;
  const isLimited = times.kind === "interval" && times.times !== undefined;
  const starts = isLimited ? Math.floor((untilMs - nextMs) / times.everyMs) + 1 : 0;
  const later = nextStart(times, untilMs, fired + starts, nextMs);
  return {
    type: "ScheduleMissed",
    fromMs: nextMs,
    ...(later !== undefined && { nextMs: later }),
    ...(isLimited && { starts }),
  };
}

/** The first start after a moment, when so many have been; `knownMs`: one of the starts, from which others are counted. */
function nextStart(times: StartTimes, afterMs: number, starts: number, knownMs = afterMs): number | undefined {
  if (times.kind === "cron") {
    const nextMs = nextCronMs(times.cron, times.timezone, afterMs);
    return nextMs !== undefined && nextMs > (times.validUntilMs ?? Number.MAX_SAFE_INTEGER) ? undefined : nextMs;
  }
  const { everyMs, startMs, times: startsMax = Number.MAX_SAFE_INTEGER } = times;
  if (startMs !== undefined) {
    // Each start has its moment: those that lie in the past are past, also if nothing was deployed then.
    const place = Math.max(0, Math.floor((afterMs - startMs) / everyMs) + 1);
    return place < startsMax ? startMs + place * everyMs : undefined;
  }
  return starts < startsMax ? knownMs + (Math.floor((afterMs - knownMs) / everyMs) + 1) * everyMs : undefined;
}

function timesOf(schedule: Schedule): StartTimes {
  if (schedule.kind === "cron") {
    const { cron, timezone, validUntilMs } = schedule;
    return { kind: "cron", cron, timezone, ...(validUntilMs !== undefined && { validUntilMs }) };
  }
  const interval = repeatingInterval(schedule.interval);
  if (interval === undefined)
    throw new Error(`expected a repeating interval, found ${JSON.stringify(schedule.interval)}`);
  return { kind: "interval", ...interval };
}
