import type { Members } from "../document/members.ts";
import { readObject } from "../document/members.ts";
import type { Node } from "../document/node.ts";
import { placeOfMissing, quote } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { ContinueAs, Next } from "../model.ts";
import { expectedOfWorkflowId } from "../workflow-id.ts";
import { readValue } from "./expressions.ts";
import { readProduce } from "./produce.ts";
import type { Scope } from "./scope.ts";
import { lookUp } from "./scope.ts";
import { unreadNext } from "./stand-ins.ts";
import { readWorkflowTimeout } from "./timeouts.ts";

/**
 * Reads `transition` or `end`, of which there must be exactly one. In a state that is used for compensation there may be
 * none, and an end says no more than that: it goes back.
 */
export function readNext(members: Members, scope: Scope): Next {
  const transition = members.get("transition");
  const end = readEnd(members, scope);
  if (transition !== undefined && end !== undefined) {
    members.report(members.place, "either a transition or an end", "both");
    return end;
  }
  if (transition !== undefined) return readTransition(transition, scope);
  if (scope.compensating) {
    if (end !== undefined && !isPlain(end)) {
      members.report(members.get("end") ?? members.place, "true, as a compensation ends by going back", "more");
    }
    return { kind: "return", produce: [] };
  }
  if (end === undefined) members.report(members.place, "a transition or an end", "neither");
  return end ?? unreadNext;
}

function isPlain(next: Next): boolean {
  if (next.kind !== "end" || next.terminate || next.produce.length > 0) return false;
  return next.compensate === undefined && next.continueAs === undefined;
}

function readTransition(node: Node, scope: Scope): Next {
  if (node.kind === "scalar") return { kind: "transition", to: readTarget(node, scope), produce: [] };
  const read = readObject(node, "a transition", scope.reading, (members): Next => {
    return {
      kind: "transition",
      to: readTarget(members.require("nextState", "the name of a state"), scope),
      produce: members.objects("produceEvents", "an event to produce", (it) => readProduce(it, "eventRef", scope)),
      ...readCompensate(members, scope),
    };
  });
  return read ?? unreadNext;
}

/**
 * The state that a transition leads to: from one used for compensation to another such one, but for its error handlers,
 * from any other to any other.
 */
function readTarget(node: Node | undefined, scope: Scope): string {
  const state = lookUp(node, "a state", scope.states, scope.reading);
  const isLost = state !== undefined && state.usedForCompensation !== scope.compensating;
  if (node !== undefined && isLost && !(scope.compensating && scope.handling)) {
    const expected = scope.compensating
      ? "a state that is used for compensation, as this one is"
      : "a state that is not used for compensation";
    scope.reading.problems.report(node, expected, quote(state.name));
  }
  return state?.name ?? "";
}

function readEnd(members: Members, scope: Scope): Next | undefined {
  if (members.get("end")?.kind !== "object") {
    return members.flag("end", false) ? { kind: "end", terminate: false, produce: [] } : undefined;
  }
  return members.object("end", "an end", (end): Next => {
    return {
      kind: "end",
      terminate: end.flag("terminate", false),
      produce: end.objects("produceEvents", "an event to produce", (it) => readProduce(it, "eventRef", scope)),
      ...readCompensate(end, scope),
      ...present({ continueAs: readContinueAs(end, scope) }),
    };
  });
}

function readCompensate(members: Members, scope: Scope): { readonly compensate?: true } {
  if (!members.flag("compensate", false)) return {};
  if (scope.compensating) {
    const place = members.get("compensate") ?? placeOfMissing(members.place, "compensate");
    members.report(place, "no compensation within a compensation", "one");
  }
  return { compensate: true };
}

function readContinueAs(members: Members, scope: Scope): ContinueAs | undefined {
  if (members.get("continueAs")?.kind !== "object") {
    return members.get("continueAs") && { workflow: readWorkflowName(members, "continueAs") };
  }
  return members.object("continueAs", "a continuation", (it) => ({
    workflow: readWorkflowName(it, "workflowId"),
    ...present({
      version: it.optionalText("version", "the version of the workflow"),
      data: readValue(it, "data", scope),
      timeout: readWorkflowTimeout(it, undefined),
    }),
  }));
}

/** Reads the id of another workflow, which is remembered. */
export function readWorkflowName(members: Members, name: string): string {
  const workflow = members.text(name, "the id of a workflow");
  const place = members.get(name);
  if (place === undefined || workflow === "") return workflow;
  const expected = expectedOfWorkflowId(workflow);
  if (expected !== undefined) members.report(place, expected, quote(workflow));
  members.reading.workflows.push({ workflow, place });
  return workflow;
}
