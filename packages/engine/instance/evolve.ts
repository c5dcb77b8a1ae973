import type { InstanceEvent } from "@antiphon/protocol";
import { ended } from "./evolve-end.ts";
import { started } from "./evolve-start.ts";
import { type ActionState, type ActiveInstance, type Instance, MAIN, visitOf } from "./instance.ts";
import { isSame, withSeen } from "./seen.ts";
import { isResting } from "./summary.ts";

/**
 * An instance after one more event, which came to be at `atMs`. Needs no definition: replay only ever evolves. Throws if
 * the event cannot follow what has been.
 */
export function evolve(before: Instance, event: InstanceEvent, atMs: number): Instance {
  const instance = withoutAnswered(before);
  switch (event.type) {
    case "InstanceStarted":
      if (instance.status !== "absent") throw impossible(event, instance);
      return started(instance, event, atMs);
    case "EventBuffered": {
      if (instance.status !== "absent" && instance.status !== "active") throw impossible(event, instance);
      return { ...instance, buffer: [...instance.buffer, { event: event.event, expiresMs: event.expiresMs }] };
    }
    case "EventIgnored": {
      if (event.disposition !== "expired" || !("buffer" in instance)) return instance;
      return { ...instance, buffer: instance.buffer.filter((early) => !isSame(early.event, event.event)) };
    }
    case "InstanceCompleted":
    case "InstanceFaulted":
    case "InstanceAborted":
      if (instance.status !== "active") throw impossible(event, instance);
      return ended(instance, event);
    default:
      if (instance.status !== "active") throw impossible(event, instance);
      return evolveActive(instance, event, atMs);
  }
}

type Midway = Exclude<
  InstanceEvent,
  {
    readonly type:
      | "InstanceStarted"
      | "EventBuffered"
      | "EventIgnored"
      | `Instance${"Completed" | "Faulted" | "Aborted"}`;
  }
>;

function evolveActive(instance: ActiveInstance, event: Midway, atMs: number): ActiveInstance {
  switch (event.type) {
    case "StateEntered": {
      const token = { state: event.state, visit: event.visit };
      return { ...instance, visits: event.visit, tokens: { ...instance.tokens, [MAIN]: token } };
    }
    case "StateLeft": {
      const { step: _, ...token } = tokenOf(instance);
      return {
        ...instance,
        tokens: { ...instance.tokens, [MAIN]: token },
        actions: withoutVisit(instance.actions, event.visit),
        waits: withoutVisit(instance.waits, event.visit),
        timers: withoutVisit(instance.timers, event.visit),
      };
    }
    case "TokenMoved": {
      const tokens = { ...instance.tokens, [MAIN]: { ...tokenOf(instance), step: event.step } };
      // What has an answer was used on the way to this step.
      return { ...instance, tokens, actions: only(instance.actions, (_, action) => action.status === "pending") };
    }
    case "DataChanged":
      return { ...instance, data: event.data };
    case "ActionRequested":
      return {
        ...instance,
        actions: { ...instance.actions, [event.action]: { status: "pending", function: event.function } },
      };
    case "ActionCompleted": {
      const { output, http } = event;
      const action: ActionState = { status: "completed", ...(output !== undefined && { output }) };
      return {
        ...instance,
        actions: { ...instance.actions, [event.action]: action },
        ...(output !== undefined && instance.keepsResult && { lastResult: output }),
        ...(http && { lastHttp: http }),
      };
    }
    case "ActionFailed":
      return {
        ...instance,
        actions: { ...instance.actions, [event.action]: { status: "failed", error: event.error } },
      };
    case "ActionCancelled":
      return { ...instance, actions: { ...instance.actions, [event.action]: { status: "cancelled" } } };
    case "EventAwaited": {
      const wait = { status: "open", events: event.events, sinceMs: atMs } as const;
      return { ...instance, waits: { ...instance.waits, [event.wait]: wait } };
    }
    case "EventReceived":
      return {
        ...instance,
        // Behind the others: waits that are resolved stand in the order in which their events came.
        waits: { ...without(instance.waits, event.wait), [event.wait]: { status: "received", event: event.event } },
        buffer: instance.buffer.filter((early) => !isSame(early.event, event.event)),
        seen: withSeen(instance.seen, event.event, atMs, event.wait),
        ...(event.correlation && { correlation: { ...instance.correlation, ...event.correlation } }),
      };
    case "WaitClosed": {
      const { refusal } = event;
      if (refusal === undefined) return { ...instance, waits: without(instance.waits, event.wait) };
      return { ...instance, waits: { ...instance.waits, [event.wait]: { status: "refused", reason: refusal } } };
    }
    case "TimerStarted":
      return { ...instance, timers: { ...instance.timers, [event.timer]: { dueMs: event.dueMs, fired: false } } };
    case "TimerFired": {
      const dueMs = instance.timers[event.timer]?.dueMs ?? atMs;
      return { ...instance, timers: { ...instance.timers, [event.timer]: { dueMs, fired: true } } };
    }
    case "TimerCancelled":
      return { ...instance, timers: without(instance.timers, event.timer) };
    case "EventProduced":
    case "MessageLogged":
    case "ErrorCaught":
      return instance;
  }
}

/** The request that started an instance is answered when it first rests; whatever happens after that finds it answered. */
function withoutAnswered(instance: Instance): Instance {
  if (instance.status === "absent" || instance.reply === undefined || !isResting(instance)) return instance;
  const { reply: _, ...rest } = instance;
  return rest;
}

function tokenOf(instance: ActiveInstance) {
  const token = instance.tokens[MAIN];
  if (token === undefined) throw new Error(`expected instance ${instance.id} to stand in a state, found it in none`);
  return token;
}

type Entries<T> = Readonly<Record<string, T>>;

function only<T>(entries: Entries<T>, keep: (id: string, entry: T) => boolean): Entries<T> {
  const ids = Object.keys(entries);
  if (ids.every((id) => keep(id, entries[id] as T))) return entries;
  return Object.fromEntries(Object.entries(entries).filter(([id, entry]) => keep(id, entry)));
}

function without<T>(entries: Entries<T>, gone: string): Entries<T> {
  return only(entries, (id) => id !== gone);
}

function withoutVisit<T>(entries: Entries<T>, visit: number): Entries<T> {
  return only(entries, (id) => visitOf(id) !== visit);
}

function impossible(event: InstanceEvent, instance: Instance): Error {
  return new Error(`${event.type} cannot happen to an instance that is ${instance.status}`);
}
