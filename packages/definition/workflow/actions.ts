import type { Json } from "@antiphon/protocol";
import { isJsonObject } from "@antiphon/protocol";
import type { Members } from "../document/members.ts";
import { describe, placeOfMissing } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Action, FunctionDefinition } from "../model.ts";
import { readDuration, readExpression, readValue } from "./expressions.ts";
import { readActionFilter } from "./filters.ts";
import { readProduce } from "./next.ts";
import type { Scope } from "./scope.ts";
import { lookUp } from "./scope.ts";
import { unreadCall, unreadFunction } from "./stand-ins.ts";

/** Names the actions of one state: by their own name, or by their place if that is missing, taken, or a number itself. */
export class ActionNames {
  readonly #taken = new Set<string>();
  #place = 0;

  next(own: string | undefined): string {
    this.#place += 1;
    const name = own === undefined || /^\d+$/.test(own) || this.#taken.has(own) ? String(this.#place) : own;
    this.#taken.add(name);
    return name;
  }
}

/** Reads an action. */
export function readAction(members: Members, names: ActionNames, scope: Scope): Action {
  members.harmless("id");
  members.unsupportedAnywhere("retryRef", "retryableErrors", "nonRetryableErrors");
  const sleep = members.object("sleep", "a sleep before or after an action", (it) => ({
    sleepBefore: readDuration(it, "before"),
    sleepAfter: readDuration(it, "after"),
  }));
  return {
    name: names.next(members.optionalText("name", "the name of the action")),
    ...present({ condition: readExpression(members, "condition", scope), ...sleep }),
    call: readCall(members, scope),
    ...readActionFilter(members, scope),
  };
}

function readCall(members: Members, scope: Scope): Action["call"] {
  const functionRef = members.get("functionRef");
  const eventRef = members.get("eventRef");
  members.unsupported("subFlowRef");
  if (functionRef !== undefined && eventRef !== undefined) {
    members.report(members.place, "either a functionRef or an eventRef", "both");
  }
  if (functionRef?.kind === "scalar") {
    const called = lookUp(functionRef, "a function", scope.functions, scope.reading) ?? unreadFunction;
    requireMessage(members, called, undefined);
    return { kind: "function", function: called };
  }
  if (functionRef !== undefined)
    return members.object("functionRef", "a function reference", (it) => readFunctionRef(it, scope)) ?? unreadCall;
  if (eventRef !== undefined)
    return members.object("eventRef", "an event reference", (it) => readEventRef(it, scope)) ?? unreadCall;
  if (members.get("subFlowRef") === undefined) {
    members.report(members.place, "a functionRef or an eventRef", "neither");
  }
  return unreadCall;
}

function readFunctionRef(members: Members, scope: Scope): Action["call"] {
  members.onlyChoiceAnywhere("invoke", ["sync", "async"]);
  members.unsupportedAnywhere("selectionSet");
  const name = members.require("refName", "the name of a function");
  const called = lookUp(name, "a function", scope.functions, scope.reading) ?? unreadFunction;
  const given = readValue(members, "arguments", scope);
  requireMessage(members, called, given);
  return {
    kind: "function",
    function: called,
    ...present({ arguments: given }),
  };
}

function requireMessage(members: Members, called: FunctionDefinition, given: Json | undefined): void {
  if (called.kind !== "sysout" || typeof given === "string" || (isJsonObject(given) && "message" in given)) return;
  const place = members.get("arguments") ?? placeOfMissing(members.place, "arguments");
  members.report(place, 'arguments with a "message" for sysout', describe(members.get("arguments")));
}

function readEventRef(members: Members, scope: Scope): Action["call"] {
  members.onlyChoiceAnywhere("invoke", ["sync", "async"]);
  members.unsupportedAnywhere("resultEventRef", "resultEventTimeout");
  return { kind: "produce", produce: readProduce(members, "triggerEventRef", scope) };
}
