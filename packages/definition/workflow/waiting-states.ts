import type { Members } from "../document/members.ts";
import { placeOfMissing } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { ActionMode, CallbackState, EventState, OnEvents } from "../model.ts";
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
  const event = members.require("eventRef", "the name of an event");
  return {
    ...base,
    type: "callback",
    ...present({ action }),
    event: lookUp(event, "an event", scope.events, scope.reading) ?? unreadEvent,
    eventFilter: readEventFilter(members, scope),
    ...present({ eventTimeout: scope.timeouts.event }),
    next: readNext(members, scope),
  };
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
