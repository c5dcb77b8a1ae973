import type { Members } from "../document/members.ts";
import { placeOfMissing } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Action, ActionMode, CallbackState, EventState, OnEvents } from "../model.ts";
import { ActionNames, readAction, readActions } from "./actions.ts";
import { readEventFilter } from "./filters.ts";
import { readNext } from "./next.ts";
import type { Scope } from "./scope.ts";
import { lookUp } from "./scope.ts";
import { unreadEvent } from "./stand-ins.ts";
import type { StateBase } from "./states.ts";

/** Reads a callback state. */
export function readCallbackState(members: Members, base: StateBase, scope: Scope): CallbackState {
  const names = new ActionNames();
  const action = members.object("action", "an action", (it) => readAction(it, names, scope));
  const name = members.require("eventRef", "the name of an event");
  const event = lookUp(name, "an event", scope.events, scope.reading) ?? unreadEvent;
  const result = resultOf(action);
  const isShared = result?.event.name === event.name;
  const eventTimeout = scope.timeouts.event ?? (isShared ? result.timeout : undefined);
  return {
    ...base,
    type: "callback",
    ...present({ action: isShared ? withoutResult(action) : action }),
    event,
    eventFilter: readEventFilter(members, scope),
    ...present({ eventTimeout }),
    next: readNext(members, scope),
  };
}

function resultOf(action: Action | undefined) {
  return action?.call.kind === "produce" ? action.call.result : undefined;
}

/** The schema of 0.8 requires a `resultEventRef`. Where it names what the state waits for, there is one answer, not two. */
function withoutResult(action: Action | undefined): Action | undefined {
  if (action?.call.kind !== "produce") return action;
  const { result, ...call } = action.call;
  return { ...action, call };
}

/** Reads an event state. */
export function readEventState(members: Members, base: StateBase, scope: Scope): EventState {
  const names = new ActionNames();
  const onEvents = members.objects("onEvents", "an entry of onEvents", (entry) => readOnEvents(entry, names, scope));
  if (onEvents.length === 0) members.report(placeOfMissing(members.place, "onEvents"), "events to wait for", "none");
  return {
    ...base,
    type: "event",
    exclusive: members.flag("exclusive", true),
    onEvents,
    ...present({ eventTimeout: scope.timeouts.event }),
    next: readNext(members, scope),
  };
}

function readOnEvents(members: Members, names: ActionNames, scope: Scope): OnEvents {
  const events = members.texts("eventRefs", "the name of an event");
  if (events.length === 0) members.report(placeOfMissing(members.place, "eventRefs"), "names of events", "none");
  return {
    events: events.map((name) => lookUp(name, "an event", scope.events, scope.reading) ?? unreadEvent),
    actionMode: readActionMode(members),
    actions: readActions(members, names, scope),
    eventFilter: readEventFilter(members, scope),
  };
}

/** Reads `actionMode`. */
export function readActionMode(members: Members): ActionMode {
  return members.choice("actionMode", ["sequential", "parallel"], "sequential") ?? "sequential";
}
