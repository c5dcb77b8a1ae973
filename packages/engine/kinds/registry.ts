import type { State } from "@antiphon/definition";
import { callback } from "./callback.ts";
import { event } from "./event.ts";
import { eventChoice } from "./event-switch.ts";
import { foreach } from "./foreach.ts";
import { inject } from "./inject.ts";
import type { Kind } from "./kind.ts";
import { operation } from "./operation.ts";
import { parallel } from "./parallel.ts";
import { sleep } from "./sleep.ts";
import { choice } from "./switch.ts";

const KINDS: { readonly [Type in State["type"]]: Kind<Extract<State, { readonly type: Type }>> } = {
  callback,
  event,
  eventSwitch: eventChoice,
  foreach,
  inject,
  operation,
  parallel,
  sleep,
  switch: choice,
};

/** The kind that a state is of. */
export function kindOf(state: State): Kind<State> {
  return KINDS[state.type];
}
