import type { Json } from "@antiphon/protocol";
import { isJsonObject } from "@antiphon/protocol";
import type { Members } from "../document/members.ts";
import type { Node } from "../document/node.ts";
import { describe, placeOfMissing, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import { readSelectionSet } from "../functions/graphql.ts";
import { moduleFunction } from "../functions/module.ts";
import { noteUnusedArguments } from "../functions/unused-arguments.ts";
import type { ActionCall, FunctionDefinition } from "../model.ts";
import { readDuration, readValue } from "./expressions.ts";
import { readWorkflowName } from "./next.ts";
import { readProduce } from "./produce.ts";
import type { Scope } from "./scope.ts";
import { lookUp } from "./scope.ts";
import { unreadCall, unreadEvent, unreadFunction } from "./stand-ins.ts";

const REFERENCES = ["functionRef", "eventRef", "subFlowRef"] as const;

/** Reads what an action does: exactly one of `functionRef`, `eventRef` and `subFlowRef`. */
export function readCall(members: Members, scope: Scope): ActionCall {
  const [reference, ...more] = REFERENCES.filter((name) => members.get(name) !== undefined);
  if (reference === undefined) members.report(members.place, "a functionRef, an eventRef or a subFlowRef", "none");
  if (more.length > 0) {
    members.report(members.place, "one of functionRef, eventRef and subFlowRef", more.length === 1 ? "two" : "three");
  }
  switch (reference) {
    case "functionRef":
      return readFunctionCall(members, scope) ?? unreadCall;
    case "eventRef":
      return members.object("eventRef", "an event reference", (it) => readEventCall(it, scope)) ?? unreadCall;
    case "subFlowRef":
      return readSubflow(members) ?? unreadCall;
    default:
      return unreadCall;
  }
}

function readFunctionCall(members: Members, scope: Scope): ActionCall | undefined {
  const reference = members.get("functionRef");
  if (reference?.kind === "scalar") {
    const called = functionNamed(reference, scope);
    requireMessage(members, called, undefined);
    return { kind: "function", function: called };
  }
  return members.object("functionRef", "a function reference", (it): ActionCall => {
    const name = it.require("refName", "the name of a function");
    const called = functionNamed(name, scope);
    const given = readValue(it, "arguments", scope);
    requireMessage(it, called, given);
    noteUnusedArguments(it.get("arguments"), given, called, scope.reading);
    return {
      kind: "function",
      function: called,
      ...present({ arguments: given, selectionSet: readSelectionSet(it) }),
      ...readInvoke(it),
    };
  });
}

/** A function by its name, or by its namespace, `math:add`, which needs no definition. */
function functionNamed(node: Node | undefined, scope: Scope): FunctionDefinition {
  const name = textOf(node) ?? "";
  const [namespace = "", ...more] = name.split(":", 2);
  const isInNamespace = more.length > 0 && scope.functionNamespaces.has(namespace);
  if (node !== undefined && isInNamespace && scope.functions?.has(name) !== true) {
    const known = scope.namespacedFunctions.get(name) ?? moduleFunction(name, node, scope.reading);
    scope.namespacedFunctions.set(name, known);
    return known;
  }
  return lookUp(node, "a function", scope.functions, scope.reading) ?? unreadFunction;
}

function requireMessage(members: Members, called: FunctionDefinition, given: Json | undefined): void {
  if (called.kind !== "sysout" || typeof given === "string" || (isJsonObject(given) && "message" in given)) return;
  const place = members.get("arguments") ?? placeOfMissing(members.place, "arguments");
  members.report(place, 'arguments with a "message" for sysout', describe(members.get("arguments")));
}

function readEventCall(members: Members, scope: Scope): ActionCall {
  const answer = members.get("resultEventRef");
  const timeout = readDuration(members, "resultEventTimeout");
  if (answer === undefined && timeout !== undefined) {
    members.report(placeOfMissing(members.place, "resultEventRef"), "an event that is waited for", "nothing");
  }
  const event = lookUp(answer, "an event", scope.events, scope.reading) ?? unreadEvent;
  const produce = readProduce(members, "triggerEventRef", scope);
  // The schema of 0.8 requires a `resultEventRef`; who waits for nothing names the event itself again.
  const isAnswered = answer !== undefined && event.name !== produce.event.name;
  return {
    kind: "produce",
    produce,
    ...(isAnswered ? { result: { event, ...present({ timeout }) } } : {}),
    ...readInvoke(members),
  };
}

function readSubflow(members: Members): ActionCall | undefined {
  if (members.get("subFlowRef")?.kind !== "object") {
    const workflow = readWorkflowName(members, "subFlowRef");
    return { kind: "subflow", workflow, onParentComplete: "terminate" };
  }
  return members.object("subFlowRef", "a subflow reference", (it): ActionCall => {
    return {
      kind: "subflow",
      workflow: readWorkflowName(it, "workflowId"),
      ...present({ version: it.optionalText("version", "the version of the workflow") }),
      ...readInvoke(it),
      onParentComplete: it.choice("onParentComplete", ["continue", "terminate"], "terminate") ?? "terminate",
    };
  });
}

function readInvoke(members: Members): { readonly async?: true } {
  return members.choice("invoke", ["sync", "async"], "sync") === "async" ? { async: true } : {};
}
