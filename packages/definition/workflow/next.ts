import type { Members } from "../document/members.ts";
import { readObject } from "../document/members.ts";
import type { Node } from "../document/node.ts";
import { textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Next, Produce } from "../model.ts";
import { readValue, textOrExpression } from "./expressions.ts";
import type { Scope } from "./scope.ts";
import { lookUp } from "./scope.ts";
import { unreadEvent, unreadNext } from "./stand-ins.ts";

/** Reads `transition` or `end`, of which there must be exactly one. */
export function readNext(members: Members, scope: Scope): Next {
  const transition = members.get("transition");
  const end = readEnd(members, scope);
  if (transition !== undefined && end !== undefined) {
    members.report(members.place, "either a transition or an end", "both");
    return end;
  }
  if (transition !== undefined) return readTransition(transition, scope);
  if (end === undefined) members.report(members.place, "a transition or an end", "neither");
  return end ?? unreadNext;
}

function readTransition(node: Node, scope: Scope): Next {
  if (node.kind === "scalar") {
    return { kind: "transition", to: lookUp(node, "a state", scope.states, scope.reading) ?? "", produce: [] };
  }
  return (
    readObject(node, "a transition", scope.reading, (members): Next => {
      refuseCompensation(members);
      const state = members.require("nextState", "the name of a state");
      return {
        kind: "transition",
        to: lookUp(state, "a state", scope.states, scope.reading) ?? "",
        produce: members.objects("produceEvents", "an event to produce", (event) =>
          readProduce(event, "eventRef", scope),
        ),
      };
    }) ?? unreadNext
  );
}

function readEnd(members: Members, scope: Scope): Next | undefined {
  if (members.get("end")?.kind !== "object") {
    return members.flag("end", false) ? { kind: "end", terminate: false, produce: [] } : undefined;
  }
  return members.object("end", "an end", (end): Next => {
    refuseCompensation(end);
    end.unsupportedAnywhere("continueAs");
    return {
      kind: "end",
      terminate: end.flag("terminate", false),
      produce: end.objects("produceEvents", "an event to produce", (event) => readProduce(event, "eventRef", scope)),
    };
  });
}

function refuseCompensation(members: Members): void {
  if (textOf(members.get("compensate")) === "false") members.harmless("compensate");
  else members.unsupported("compensate");
}

/** Reads an event to publish, named by the given member. */
export function readProduce(members: Members, reference: "eventRef" | "triggerEventRef", scope: Scope): Produce {
  const event = members.require(reference, "the name of an event");
  const attributes = members.textsByName("contextAttributes", "the value of an attribute");
  return {
    event: lookUp(event, "an event", scope.events, scope.reading) ?? unreadEvent,
    ...present({ data: readValue(members, "data", scope) }),
    contextAttributes: Object.fromEntries(
      attributes.map(([name, node]) => [name, textOrExpression(node, textOf(node) ?? "", scope)]),
    ),
  };
}
