import type { Members } from "../document/members.ts";
import { readObject } from "../document/members.ts";
import { memberOf, quote } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { WorkflowTimeout } from "../model.ts";
import { readDuration } from "./expressions.ts";
import type { StateName } from "./scope.ts";
import { lookUp } from "./scope.ts";
import { resolve } from "./shared-list.ts";

/** How long parts of a workflow may take. Each part takes over those that it does not say itself. */
export interface Timeouts {
  readonly state?: { readonly total: string; readonly single?: string };
  readonly action?: string;
  readonly branch?: string;
  readonly event?: string;
}

/** The names of timeouts that a state, or a branch, may have. */
export type TimeoutName = "stateExecTimeout" | "actionExecTimeout" | "branchExecTimeout" | "eventTimeout";

/** Reads `timeouts` of the workflow, which may stand in a file of their own. */
export function readWorkflowTimeouts(
  members: Members,
  states: ReadonlyMap<string, StateName>,
): { readonly timeouts: Timeouts; readonly workflow?: WorkflowTimeout } {
  const node = resolve(members, "timeouts");
  const read = readObject(memberOf(node, "timeouts") ?? node, "timeouts", members.reading, (it) => ({
    timeouts: readEach(it, ["stateExecTimeout", "actionExecTimeout", "branchExecTimeout", "eventTimeout"], {}),
    ...present({ workflow: readWorkflowTimeout(it, states) }),
  }));
  return read ?? { timeouts: {} };
}

/** Reads `timeouts` of a state or a branch, which has those of the given names; the others it takes over. */
export function readTimeouts(members: Members, names: readonly TimeoutName[], inherited: Timeouts): Timeouts {
  return members.object("timeouts", "timeouts", (it) => readEach(it, names, inherited)) ?? inherited;
}

/**
 * Reads `workflowExecTimeout`, a duration or an object. `states` are those that may be run before; undefined: they are
 * another workflow's, of which nothing is known here.
 */
export function readWorkflowTimeout(
  members: Members,
  states: ReadonlyMap<string, StateName> | undefined,
): WorkflowTimeout | undefined {
  if (members.get("workflowExecTimeout")?.kind !== "object") {
    const duration = readDuration(members, "workflowExecTimeout");
    return duration === undefined ? undefined : { duration, interrupt: true };
  }
  return members.object("workflowExecTimeout", "a timeout of a workflow", (it) => {
    it.require("duration", "a duration");
    return {
      duration: readDuration(it, "duration") ?? "",
      interrupt: it.flag("interrupt", true),
      ...present({ runBefore: readRunBefore(it, states) }),
    };
  });
}

function readRunBefore(members: Members, states: ReadonlyMap<string, StateName> | undefined): string | undefined {
  if (states === undefined) return members.optionalText("runBefore", "the name of a state");
  const node = members.get("runBefore");
  const state = lookUp(node, "a state", states, members.reading);
  if (node !== undefined && state?.usedForCompensation) {
    members.report(node, "a state that is not used for compensation", quote(state.name));
  }
  return state?.name;
}

function readEach(members: Members, names: readonly TimeoutName[], inherited: Timeouts): Timeouts {
  const durationOf = (name: TimeoutName) => (names.includes(name) ? readDuration(members, name) : undefined);
  return {
    ...inherited,
    ...present({
      state: names.includes("stateExecTimeout") ? readStateTimeout(members) : undefined,
      action: durationOf("actionExecTimeout"),
      branch: durationOf("branchExecTimeout"),
      event: durationOf("eventTimeout"),
    }),
  };
}

function readStateTimeout(members: Members): Timeouts["state"] {
  if (members.get("stateExecTimeout")?.kind !== "object") {
    const total = readDuration(members, "stateExecTimeout");
    return total === undefined ? undefined : { total };
  }
  return members.object("stateExecTimeout", "a timeout of a state", (it) => {
    it.require("total", "a duration");
    return { total: readDuration(it, "total") ?? "", ...present({ single: readDuration(it, "single") }) };
  });
}
