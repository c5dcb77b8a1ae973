import type { Members } from "../document/members.ts";
import { placeOfMissing } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { EventSwitchState, SwitchState } from "../model.ts";
import { requireExpression } from "./expressions.ts";
import { readEventFilter } from "./filters.ts";
import { readNext } from "./next.ts";
import type { Scope } from "./scope.ts";
import { lookUp } from "./scope.ts";
import { unreadEvent } from "./stand-ins.ts";
import type { StateBase } from "./states.ts";

const DEFAULT_CONDITION = 'a default condition, { "transition": "name of a state" } or { "end": true }';

/** Reads a switch, on data or on events, but not on both. */
export function readSwitchState(members: Members, base: StateBase, scope: Scope): SwitchState | EventSwitchState {
  const onData = members.get("dataConditions") !== undefined;
  const onEvents = members.get("eventConditions") !== undefined;
  if (onData && onEvents) members.report(members.place, "either dataConditions or eventConditions", "both");
  if (!onData && !onEvents) {
    members.report(placeOfMissing(members.place, "dataConditions"), "dataConditions or eventConditions", "neither");
  }
  const data = readDataConditions(members, scope);
  const events = readEventConditions(members, scope);
  const defaultCondition = members.get("defaultCondition");
  const otherwise = members.object("defaultCondition", DEFAULT_CONDITION, (it) => readNext(it, scope));
  if (!onEvents) return { ...base, type: "switch", conditions: data, ...present({ otherwise }) };
  const eventTimeout = scope.timeouts.event;
  if (defaultCondition !== undefined && eventTimeout === undefined) {
    members.report(
      defaultCondition,
      "an eventTimeout of the state or of the workflow, after which it is taken",
      "none",
    );
  }
  return { ...base, type: "eventSwitch", conditions: events, ...present({ eventTimeout, otherwise }) };
}

function readDataConditions(members: Members, scope: Scope): SwitchState["conditions"] {
  const conditions = members.objects("dataConditions", "a condition", (entry) => {
    entry.jsonObject("metadata");
    return {
      ...present({ name: entry.optionalText("name", "the name of the condition") }),
      condition: requireExpression(entry, "condition", scope),
      next: readNext(entry, scope),
    };
  });
  reportIfNone(members, "dataConditions", conditions);
  return conditions;
}

function readEventConditions(members: Members, scope: Scope): EventSwitchState["conditions"] {
  const conditions = members.objects("eventConditions", "a condition", (entry) => {
    entry.jsonObject("metadata");
    const event = entry.require("eventRef", "the name of an event");
    return {
      ...present({ name: entry.optionalText("name", "the name of the condition") }),
      event: lookUp(event, "an event", scope.events, scope.reading) ?? unreadEvent,
      eventFilter: readEventFilter(entry, scope),
      next: readNext(entry, scope),
    };
  });
  reportIfNone(members, "eventConditions", conditions);
  return conditions;
}

function reportIfNone(members: Members, name: string, conditions: readonly unknown[]): void {
  const list = members.get(name);
  if (list?.kind === "array" && list.items.length === 0 && conditions.length === 0) {
    members.report(list, "conditions", "none");
  }
}
