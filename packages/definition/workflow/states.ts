import type { Json } from "@antiphon/protocol";
import type { Members } from "../document/members.ts";
import { jsonOf, quote } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { State } from "../model.ts";
import { readDuration } from "./expressions.ts";
import { readStateFilter } from "./filters.ts";
import { readNext } from "./next.ts";
import { readOnErrors } from "./on-errors.ts";
import type { Scope } from "./scope.ts";
import { lookUp } from "./scope.ts";
import { readSwitchState } from "./switch-states.ts";
import { readTimeouts, type TimeoutName } from "./timeouts.ts";
import { readCallbackState, readEventState } from "./waiting-states.ts";
import { readForeachState, readOperationState, readParallelState } from "./working-states.ts";

/** The types of state that the language has, as a document names them, with the timeouts that each may have. */
const TIMEOUTS_BY_TYPE = {
  inject: ["stateExecTimeout"],
  operation: ["stateExecTimeout", "actionExecTimeout"],
  callback: ["stateExecTimeout", "actionExecTimeout", "eventTimeout"],
  event: ["stateExecTimeout", "actionExecTimeout", "eventTimeout"],
  switch: ["stateExecTimeout", "eventTimeout"],
  parallel: ["stateExecTimeout", "branchExecTimeout", "actionExecTimeout"],
  foreach: ["stateExecTimeout", "actionExecTimeout"],
  sleep: ["stateExecTimeout"],
} as const satisfies Readonly<Record<string, readonly TimeoutName[]>>;

/** A type of state, as a document names it. */
export type StateType = keyof typeof TIMEOUTS_BY_TYPE;

export const STATE_TYPES = Object.keys(TIMEOUTS_BY_TYPE) as readonly StateType[];

/** What states of every type have. */
export type StateBase = Pick<
  State,
  "name" | "input" | "output" | "onErrors" | "metadata" | "timeout" | "compensatedBy" | "usedForCompensation"
>;

/** Reads a state of a known type. */
export function readState(members: Members, type: StateType, around: Scope): State {
  members.harmless("type");
  members.optionalText("id", "a text");
  const compensating = members.flag("usedForCompensation", false);
  const timeouts = readTimeouts(members, TIMEOUTS_BY_TYPE[type], around.timeouts);
  const scope: Scope = { ...around, timeouts, compensating };
  const base: StateBase = {
    name: members.text("name", "the name of the state"),
    ...readStateFilter(members, scope),
    onErrors: readOnErrors(members, scope),
    metadata: members.jsonObject("metadata") ?? {},
    ...present({ timeout: timeouts.state, compensatedBy: readCompensatedBy(members, scope) }),
    ...(compensating ? { usedForCompensation: true } : {}),
  };
  switch (type) {
    case "inject":
      return { ...base, type, data: readData(members), next: readNext(members, scope) };
    case "operation":
      return readOperationState(members, base, scope);
    case "callback":
      return readCallbackState(members, base, scope);
    case "event":
      return readEventState(members, base, scope);
    case "switch":
      return readSwitchState(members, base, scope);
    case "parallel":
      return readParallelState(members, base, scope);
    case "foreach":
      return readForeachState(members, base, scope);
    case "sleep":
      members.require("duration", "the duration of the sleep");
      return { ...base, type, duration: readDuration(members, "duration") ?? "", next: readNext(members, scope) };
  }
}

/** Any JSON: what is no object is merged into the data as a result is. */
function readData(members: Members): Json {
  const data = members.require("data", "the data to inject");
  return data === undefined ? {} : jsonOf(data);
}

/** The state that undoes this one: it must be used for compensation, and this one must not. */
function readCompensatedBy(members: Members, scope: Scope): string | undefined {
  const node = members.get("compensatedBy");
  const state = lookUp(node, "a state", scope.states, scope.reading);
  if (node === undefined || state === undefined) return undefined;
  if (scope.compensating) {
    members.report(node, "nothing, as the state is used for compensation itself", quote(state.name));
  } else if (!state.usedForCompensation) {
    members.report(node, "a state that is used for compensation", quote(state.name));
  }
  return state.name;
}
