import type { Action, EventDefinition, FunctionDefinition, Next } from "../model.ts";

/**
 * What stands in for a part that could not be read, so that reading goes on to the next problem. None of these is ever
 * seen outside: each use comes with a problem, and a definition with a problem is not handed out.
 */
export const unreadEvent: EventDefinition = {
  name: "",
  type: "",
  kind: "consumed",
  dataOnly: true,
  correlation: [],
  metadata: {},
};

export const unreadFunction: FunctionDefinition = { kind: "expression", name: "", expression: ".", metadata: {} };

export const unreadCall: Action["call"] = { kind: "function", function: unreadFunction };

export const unreadNext: Next = { kind: "end", terminate: false, produce: [] };
