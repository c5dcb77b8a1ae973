import type { InstanceEvent, ScheduleEvent } from "@antiphon/protocol";
import { evolveSchedule } from "../schedule/schedule.ts";
import type { Copies } from "./entries.ts";
import { actionEvolved, withoutDetached } from "./evolve-action.ts";
import { branchEnded, branchStarted, dataChanged, forkJoined, forkStarted, withBranch } from "./evolve-branch.ts";
import { ended, failedAgain, faulted, retriggered } from "./evolve-end.ts";
import { started, withEarly } from "./evolve-start.ts";
import { timerEvolved, withoutSlice } from "./evolve-timer.ts";
import { Folding, updated } from "./folding.ts";
import { branchOf, visitOf } from "./ids.ts";
import { type ActiveInstance, absent, type Instance, MAIN } from "./instance.ts";
import { isSame, withSeen } from "./seen.ts";
import { withIds, withSparse } from "./sparse.ts";
import { isResting } from "./summary.ts";

/**
 * An instance after some events, which came to be at `atMs`. Needs no definition: replay only ever evolves. Throws if one
 * of them cannot follow what has been.
 */
export function evolveAll(before: Instance, events: readonly InstanceEvent[], atMs: number): Instance {
  const folding = new Folding();
  return events.reduce((instance, event) => evolve(instance, event, atMs, folding), before);
}

/** An instance after one more event. What a folding has copied may be changed in place. */
export function evolve(before: Instance, event: InstanceEvent, atMs: number, folding = new Folding()): Instance {
  const instance = event.type === "InstanceFaulted" ? before : withoutAnswered(before, folding);
  const after = updated(evolved(instance, event, atMs, folding.copies), atMs);
  folding.after(event);
  if ("slice" in before && !("slice" in after)) folding.mayRest = true;
  return after;
}

function evolved(instance: Instance, event: InstanceEvent, atMs: number, copies: Copies): Instance {
  switch (event.type) {
    case "InstanceStarted":
      if (instance.status !== "absent") throw impossible(event, instance);
      return started(instance, event, atMs);
    case "EventBuffered": {
      if (instance.status !== "absent" && instance.status !== "active") throw impossible(event, instance);
      return withEarly(instance, event, atMs);
    }
    case "EventIgnored": {
      if (event.disposition !== "expired" || !("buffer" in instance) || instance.status === "faulted") return instance;
      const buffer = instance.buffer.filter((early) => !isSame(early.event, event.event));
      // What never started is as it was before the event: nothing is stored of it.
      return instance.status === "absent" && buffer.length === 0 ? absent : { ...instance, buffer };
    }
    case "ResultReturned":
    case "StartIgnored":
      return instance;
    case "ScheduleSet":
    case "ScheduleFired":
    case "ScheduleMissed":
    case "ScheduleEnded":
      if (instance.status !== "absent" && instance.status !== "scheduled") throw impossible(event, instance);
      return evolveSchedule(instance, event);
    case "InstanceRetriggered":
      if (instance.status !== "faulted") throw impossible(event, instance);
      return retriggered(instance, event, copies);
    case "InstanceFaulted":
      if (instance.status !== "active") throw impossible(event, instance);
      return faulted(instance, event, atMs);
    case "InstanceCompleted":
    case "InstanceAborted":
      if (instance.status !== "active" && instance.status !== "faulted") throw impossible(event, instance);
      return ended(instance, event, atMs);
    case "DataChanged":
      // What has failed may be repaired.
      if (instance.status === "faulted") return { ...instance, data: event.data };
      if (instance.status !== "active") throw impossible(event, instance);
      return dataChanged(instance, event, copies);
    case "ActionCompleted":
    case "ActionFailed":
      // Of one that has failed only what nobody waits for is answered, or what it failed by, once more.
      if (instance.status === "faulted") {
        return withoutDetached(instance, event.action, copies) ?? failedAgain(instance, event, copies);
      }
      if (instance.status !== "active") throw impossible(event, instance);
      return evolveActive(instance, event, atMs, copies);
    case "ActionCancelled":
    case "TimerCancelled":
      // One that has failed is given up: its timers stood still, and some of its children went on.
      if (instance.status === "faulted") return instance;
      if (instance.status !== "active") throw impossible(event, instance);
      return evolveActive(instance, event, atMs, copies);
    default:
      if (instance.status !== "active") throw impossible(event, instance);
      return evolveActive(instance, event, atMs, copies);
  }
}

type Midway = Exclude<
  InstanceEvent,
  {
    readonly type:
      | "InstanceStarted"
      | "EventBuffered"
      | "EventIgnored"
      | "DataChanged"
      | "ResultReturned"
      | "StartIgnored"
      | ScheduleEvent["type"]
      | `Instance${"Completed" | "Faulted" | "Aborted" | "Retriggered"}`;
  }
>;

function evolveActive(instance: ActiveInstance, event: Midway, atMs: number, copies: Copies): ActiveInstance {
  switch (event.type) {
    case "StateEntered": {
      const token = { state: event.state, visit: event.visit };
      const entered = { ...instance, visits: event.visit, tokens: { ...instance.tokens, [MAIN]: token } };
      const { compensation } = instance;
      if (compensation === undefined || !event.undoes) return entered;
      return { ...entered, compensation: { ...compensation, states: compensation.states.slice(1) } };
    }
    case "StateLeft":
      return stateLeft(instance, event, copies);
    case "TokenMoved":
      return tokenMoved(instance, event, copies);
    case "ForkStarted":
      return forkStarted(instance, event, copies);
    case "BranchStarted":
      return branchStarted(instance, event, copies);
    case "BranchEnded":
      return branchEnded(instance, event, copies);
    case "ForkJoined":
      return forkJoined(instance, event.fork, copies);
    case "ActionRequested":
    case "ChildRequested":
    case "ChildRetriggered":
    case "ActionCompleted":
    case "ActionFailed":
    case "ActionRetried":
    case "ActionCancelled":
    case "ActionRested":
      return actionEvolved(instance, event, copies);
    case "RestReported":
    case "ResultAwaited":
      return { ...instance, parent: event.parent };
    case "EventAwaited": {
      const wait = { status: "open", events: event.events, sinceMs: atMs } as const;
      return { ...instance, waits: copies.with(instance.waits, event.wait, wait) };
    }
    case "EventReceived": {
      const { spent: _, ...rest } = instance;
      return {
        ...rest,
        // Behind the others: waits that are resolved stand in the order in which their events came.
        waits: copies.with(copies.without(instance.waits, event.wait), event.wait, {
          status: "received",
          event: event.event,
        }),
        buffer: instance.buffer.filter((early) => !isSame(early.event, event.event)),
        ...withSeen(instance, event.event, atMs, event.wait),
        ...(event.correlation && { correlation: { ...instance.correlation, ...event.correlation } }),
      };
    }
    case "EventTaken": {
      const wait = instance.waits[event.wait];
      if (wait?.status !== "received") return instance;
      return { ...instance, waits: copies.with(instance.waits, event.wait, { ...wait, isTaken: true }) };
    }
    case "WaitClosed":
      return waitClosed(instance, event, copies);
    case "TimerStarted":
    case "TimerFired":
    case "TimerCancelled":
      return timerEvolved(instance, event, atMs, copies);
    case "CompensationStarted":
      return {
        ...withSparse(instance, "undo", [], copies),
        compensation: { states: event.states, after: event.after },
      };
    case "CompensationEnded": {
      const { compensation: _, ...rest } = instance;
      return withSparse(rest, "undo", event.left?.toReversed() ?? [], copies);
    }
    case "AnswerPromised":
      return { ...instance, reply: event.reply };
    case "EventProduced":
    case "MessageLogged":
    case "ErrorCaught":
      return instance;
    case "InstanceContinued":
      return { ...instance, continuedAs: event.instance };
  }
}

type Fact<Type extends InstanceEvent["type"]> = Extract<InstanceEvent, { readonly type: Type }>;

function stateLeft(
  instance: ActiveInstance,
  { visit, compensatedBy }: Fact<"StateLeft">,
  copies: Copies,
): ActiveInstance {
  const { step: _, ...token } = tokenOf(instance);
  const isOther = (id: string) => visitOf(id) !== visit;
  const through = withoutSlice(instance, (timer) => !isOther(timer));
  const left = { ...through, tokens: { ...instance.tokens, [MAIN]: token } };
  const others = withIds(left, (entries) => copies.only(entries, isOther), copies);
  const { branches, undo = [] } = others;
  const after =
    branches === undefined ? others : withSparse(others, "branches", copies.only(branches, isOther), copies);
  return compensatedBy === undefined ? after : withSparse(after, "undo", [...undo, compensatedBy], copies);
}

/** What has an answer was used on the way to this step; what failed is looked at by whoever tries again. */
function tokenMoved(instance: ActiveInstance, { step, branch }: Fact<"TokenMoved">, copies: Copies): ActiveInstance {
  const { actions: before, branches } = instance;
  const candidates = branch === undefined ? Object.keys(before) : copies.idsIn(before, branch);
  const isUsed = (id: string) => {
    const status = before[id]?.status;
    return (status === "completed" || status === "cancelled") && branchOf(branches, id) === branch;
  };
  const actions = candidates.filter(isUsed).reduce((left, id) => copies.without(left, id), before);
  if (branch !== undefined) return { ...withBranch(instance, branch, { step }, copies), actions };
  return { ...instance, tokens: { ...instance.tokens, [MAIN]: { ...tokenOf(instance), step } }, actions };
}

function waitClosed(
  instance: ActiveInstance,
  { wait, reason, refusal }: Fact<"WaitClosed">,
  copies: Copies,
): ActiveInstance {
  const before = instance.waits[wait];
  const events = before?.status === "open" ? before.events : [];
  if (refusal !== undefined) {
    return { ...instance, waits: copies.with(instance.waits, wait, { status: "refused", reason: refusal, events }) };
  }
  if (reason !== "failed") return { ...instance, waits: copies.without(instance.waits, wait) };
  return { ...instance, waits: copies.with(instance.waits, wait, { status: "suspended", events }) };
}

/** The request that started an instance is answered when it first rests; whatever happens after that finds it answered. */
function withoutAnswered(instance: Instance, folding: Folding): Instance {
  if (instance.status === "absent" || instance.status === "scheduled" || instance.reply === undefined) return instance;
  if (!folding.mayRest) return instance;
  folding.mayRest = false;
  if (!isResting(instance)) return instance;
  const { reply: _, ...rest } = instance;
  return rest;
}

function tokenOf(instance: ActiveInstance) {
  const token = instance.tokens[MAIN];
  if (token === undefined) throw new Error(`expected instance ${instance.id} to stand in a state, found it in none`);
  return token;
}

function impossible(event: InstanceEvent, instance: Instance): Error {
  return new Error(`${event.type} cannot happen to an instance that is ${instance.status}`);
}
