import { isDeepStrictEqual } from "node:util";
import {
  type Action,
  actionsIn,
  type Definition,
  type Produce,
  type State,
  sentEvent,
  waysOutOf,
} from "@antiphon/definition";

/** Something that a state says, and where. */
export interface Part {
  readonly kind: "arguments" | "message" | "data" | "contextAttributes" | "inject" | "continueAs";
  readonly state: string;
  readonly action?: Action;
  /** Of an event. */
  readonly type?: string;
  readonly says: unknown;
}

/** All that a state says which is to arrive somewhere: arguments, events with their attributes, data. */
export function partsOf(definition: Definition, state: State): readonly Part[] {
  const at = { state: state.name };
  const hasData = state.type === "inject" && !isDeepStrictEqual(state.data, {});
  const inject: Part[] = hasData ? [{ ...at, kind: "inject", says: state.data }] : [];
  const ways = waysOutOf(state).flatMap((way): readonly Part[] => {
    const continued = way.kind === "end" ? way.continueAs?.data : undefined;
    return [
      ...way.produce.flatMap((produce) => partsOfEvent(at, produce)),
      ...(continued === undefined ? [] : [{ ...at, kind: "continueAs" as const, says: continued }]),
    ];
  });
  return [...inject, ...ways, ...actionsIn(state).flatMap((action) => partsOfAction(definition, at, action))];
}

function partsOfAction(definition: Definition, at: { readonly state: string }, action: Action): readonly Part[] {
  const { call } = action;
  if (call.kind === "produce") return partsOfEvent(at, call.produce, action);
  if (call.kind !== "function" || call.arguments === undefined) return [];
  const { function: called, arguments: says } = call;
  switch (called.kind) {
    case "expression":
      // Evaluated on the data: a note says at deployment that arguments are passed over.
      return [];
    case "sysout":
      return [{ ...at, action, kind: "message", says }];
    case "asyncapi":
      if (called.direction === "receive") return [];
      return [{ ...at, action, kind: "data", type: sentEvent(definition, called).type, says }];
    default:
      return [{ ...at, action, kind: "arguments", says }];
  }
}

function partsOfEvent(
  at: { readonly state: string },
  { event: { type }, data, contextAttributes }: Produce,
  action?: Action,
): readonly Part[] {
  const from = { ...at, ...(action !== undefined && { action }), type };
  const attributes = Object.entries(contextAttributes).map(([name, value]) => [name.toLowerCase(), value]);
  return [
    ...(data === undefined ? [] : [{ ...from, kind: "data" as const, says: data }]),
    ...(attributes.length === 0
      ? []
      : [{ ...from, kind: "contextAttributes" as const, says: Object.fromEntries(attributes) }]),
  ];
}
