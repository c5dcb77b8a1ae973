import type { TimerEvent } from "@antiphon/protocol";
import type { Copies } from "./entries.ts";
import type { ActiveInstance } from "./instance.ts";
import { withShort } from "./pace.ts";

/** An instance after a fact about one of its timers. */
export function timerEvolved(
  instance: ActiveInstance,
  event: TimerEvent,
  atMs: number,
  copies: Copies,
): ActiveInstance {
  const { timer } = event;
  switch (event.type) {
    case "TimerStarted": {
      const { dueMs, slice } = event;
      const timers = copies.with(instance.timers, timer, { dueMs, fired: false });
      if (slice !== undefined) return { ...instance, timers, slice: { timer, ...slice } };
      return { ...instance, timers, ...withShort(instance, dueMs, atMs) };
    }
    case "TimerFired": {
      const dueMs = instance.timers[timer]?.dueMs ?? atMs;
      return { ...instance, timers: copies.with(instance.timers, timer, { dueMs, fired: true }) };
    }
    case "TimerCancelled": {
      const timers = copies.without(instance.timers, timer);
      return withoutSlice({ ...instance, timers }, (id) => id === timer);
    }
  }
}

/** The run that goes on with such a timer is through, or given up. */
export function withoutSlice(instance: ActiveInstance, isMeant: (timer: string) => boolean): ActiveInstance {
  if (instance.slice === undefined || !isMeant(instance.slice.timer)) return instance;
  const { slice: _, ...rest } = instance;
  return rest;
}
