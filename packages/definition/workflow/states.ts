import type { Members } from "../document/members.ts";
import { placeOfMissing } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { CallbackState, EventState, OnEvents, OperationState, State, SwitchState } from "../model.ts";
import { ActionNames, readAction } from "./actions.ts";
import { readDuration, requireExpression } from "./expressions.ts";
import { readEventFilter, readStateFilter } from "./filters.ts";
import { readNext } from "./next.ts";
import { readOnErrors } from "./on-errors.ts";
import type { Scope } from "./scope.ts";
import { lookUp } from "./scope.ts";
import { unreadEvent } from "./stand-ins.ts";

/** The types of state that Antiphon knows. */
export const STATE_TYPES = ["inject", "operation", "callback", "event", "switch", "sleep"] as const;

type Base = Pick<State, "name" | "input" | "output" | "onErrors" | "metadata">;

/** Reads a state of a known type. */
export function readState(members: Members, type: State["type"], scope: Scope): State {
  members.harmless("id", "type");
  refuseCompensation(members);
  const base: Base = {
    name: members.text("name", "the name of the state"),
    ...readStateFilter(members, scope),
    onErrors: readOnErrors(members, scope),
    metadata: members.jsonObject("metadata") ?? {},
  };
  switch (type) {
    case "inject":
      members.require("data", "the data to inject");
      refuseTimeouts(members);
      return { ...base, type, data: members.jsonObject("data") ?? {}, next: readNext(members, scope) };
    case "operation":
      return readOperationState(members, base, scope);
    case "callback":
      return readCallbackState(members, base, scope);
    case "event":
      return readEventState(members, base, scope);
    case "switch":
      return readSwitchState(members, base, scope);
    case "sleep": {
      members.require("duration", "the duration of the sleep");
      refuseTimeouts(members);
      return { ...base, type, duration: readDuration(members, "duration") ?? "", next: readNext(members, scope) };
    }
  }
}

function readOperationState(members: Members, base: Base, scope: Scope): OperationState {
  const names = new ActionNames();
  members.onlyChoiceAnywhere("actionMode", ["sequential", "parallel"]);
  refuseTimeouts(members);
  const actions = members.objects("actions", "an action", (action) => readAction(action, names, scope));
  return { ...base, type: "operation", actions, next: readNext(members, scope) };
}

function readCallbackState(members: Members, base: Base, scope: Scope): CallbackState {
  const names = new ActionNames();
  const action = members.object("action", "an action", (it) => readAction(it, names, scope));
  const event = members.require("eventRef", "the name of an event");
  return {
    ...base,
    type: "callback",
    ...present({ action }),
    event: lookUp(event, "an event", scope.events, scope.reading) ?? unreadEvent,
    eventFilter: readEventFilter(members, scope),
    ...present({ eventTimeout: readEventTimeout(members, scope) }),
    next: readNext(members, scope),
  };
}

function readEventState(members: Members, base: Base, scope: Scope): EventState {
  const names = new ActionNames();
  const onEvents = members.objects("onEvents", "an entry of onEvents", (entry): OnEvents => {
    entry.onlyChoiceAnywhere("actionMode", ["sequential", "parallel"]);
    const events = entry.texts("eventRefs", "the name of an event");
    if (events.length === 0) entry.report(placeOfMissing(entry.place, "eventRefs"), "names of events", "none");
    return {
      events: events.map((name) => lookUp(name, "an event", scope.events, scope.reading) ?? unreadEvent),
      actions: entry.objects("actions", "an action", (action) => readAction(action, names, scope)),
      eventFilter: readEventFilter(entry, scope),
    };
  });
  if (onEvents.length === 0) members.report(placeOfMissing(members.place, "onEvents"), "events to wait for", "none");
  return {
    ...base,
    type: "event",
    exclusive: members.flag("exclusive", true),
    onEvents,
    ...present({ eventTimeout: readEventTimeout(members, scope) }),
    next: readNext(members, scope),
  };
}

function readSwitchState(members: Members, base: Base, scope: Scope): SwitchState {
  const onEvents = members.get("eventConditions");
  members.unsupported("eventConditions");
  refuseTimeouts(members);
  const conditions = members.objects("dataConditions", "a condition", (entry) => {
    entry.harmless("metadata");
    return {
      ...present({ name: entry.optionalText("name", "the name of the condition") }),
      condition: requireExpression(entry, "condition", scope),
      next: readNext(entry, scope),
    };
  });
  if (conditions.length === 0 && onEvents === undefined) {
    members.report(placeOfMissing(members.place, "dataConditions"), "conditions", "none");
  }
  const otherwise = members.object("defaultCondition", "a default condition", (it) => readNext(it, scope));
  return { ...base, type: "switch", conditions, ...present({ otherwise }) };
}

/** How long a state waits for events: as its own `timeouts` say, else the workflow's. */
function readEventTimeout(members: Members, scope: Scope): string | undefined {
  const own = members.object("timeouts", "timeouts", (timeouts) => {
    timeouts.unsupportedAnywhere("stateExecTimeout", "actionExecTimeout", "branchExecTimeout");
    return readDuration(timeouts, "eventTimeout");
  });
  return own ?? scope.eventTimeout;
}

/** `timeouts` of a state that waits for no event: none of them is supported. */
function refuseTimeouts(members: Members): void {
  members.object("timeouts", "timeouts", (timeouts) => {
    timeouts.unsupportedAnywhere("stateExecTimeout", "actionExecTimeout", "branchExecTimeout");
  });
}

function refuseCompensation(members: Members): void {
  members.unsupported("compensatedBy");
  if (members.flag("usedForCompensation", false)) members.unsupported("usedForCompensation");
}
