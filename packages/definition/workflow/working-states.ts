import type { Members } from "../document/members.ts";
import { placeOfMissing, quote } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Branch, ForeachState, OperationState, ParallelState } from "../model.ts";
import { ActionNames, readActions } from "./actions.ts";
import { readCount, readExpression, requireExpression } from "./expressions.ts";
import { readNext } from "./next.ts";
import type { Scope } from "./scope.ts";
import type { StateBase } from "./states.ts";
import { readTimeouts } from "./timeouts.ts";
import { readActionMode } from "./waiting-states.ts";

/** Reads an operation state. */
export function readOperationState(members: Members, base: StateBase, scope: Scope): OperationState {
  return {
    ...base,
    type: "operation",
    actionMode: readActionMode(members),
    actions: readActions(members, new ActionNames(), scope),
    next: readNext(members, scope),
  };
}

/** Reads a parallel state. A branch without a name is named by its place. */
export function readParallelState(members: Members, base: StateBase, scope: Scope): ParallelState {
  const names = new ActionNames();
  let place = 0;
  const branches = members.objects("branches", "a branch", (branch) => {
    place += 1;
    return readBranch(branch, place, names, scope);
  });
  if (branches.length === 0) members.report(placeOfMissing(members.place, "branches"), "branches", "none");
  return {
    ...base,
    type: "parallel",
    branches,
    ...present({ atLeast: readAtLeast(members, branches.length) }),
    next: readNext(members, scope),
  };
}

function readBranch(members: Members, place: number, names: ActionNames, around: Scope): Branch {
  const timeouts = readTimeouts(members, ["branchExecTimeout", "actionExecTimeout"], around.timeouts);
  return {
    name: members.optionalText("name", "the name of the branch") ?? String(place),
    actions: readActions(members, names, { ...around, timeouts }),
    ...present({ timeout: timeouts.branch }),
  };
}

/** How many branches must complete; undefined: all, as it is with `completionType: allOf`, which needs no number. */
function readAtLeast(members: Members, branches: number): number | string | undefined {
  const type = members.choice("completionType", ["allOf", "atLeast"], "allOf");
  const count = readCount(members, "numCompleted", 0);
  if (type !== "atLeast") return undefined;
  const node = members.require("numCompleted", "how many branches must complete");
  if (node !== undefined && typeof count === "number" && count > branches) {
    members.report(node, `at most ${branches}, as many as there are branches`, String(count));
  }
  return count;
}

/** Reads a foreach state. */
export function readForeachState(members: Members, base: StateBase, scope: Scope): ForeachState {
  return {
    ...base,
    type: "foreach",
    inputCollection: requireExpression(members, "inputCollection", scope),
    ...present({
      outputCollection: readExpression(members, "outputCollection", scope),
      iterationParam: readVariable(members),
    }),
    mode: members.choice("mode", ["sequential", "parallel"], "parallel") ?? "parallel",
    ...present({ batchSize: readCount(members, "batchSize", 1) }),
    actions: readActions(members, new ActionNames(), scope),
    next: readNext(members, scope),
  };
}

/** The name of a variable; the specification's examples have it as an expression, `${ .order }`, which means the same here. */
function readVariable(members: Members): string | undefined {
  const written = members.optionalText("iterationParam", "the name of a variable");
  const node = members.get("iterationParam");
  if (written === undefined || node === undefined) return undefined;
  const name = /^\$\{\s*[.$]?([A-Za-z_]\w*)\s*\}$/.exec(written.trim())?.[1] ?? written;
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    members.report(node, 'the name of a variable, "item" for $item', quote(written));
    return undefined;
  }
  if (name !== written) {
    members.reading.notes.report(node, `the name of a variable, ${quote(name)}`, `${quote(written)}, read as $${name}`);
  }
  return name;
}
