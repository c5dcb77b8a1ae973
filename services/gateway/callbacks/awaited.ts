import type { Definition } from "@antiphon/definition";
import { openWaits } from "@antiphon/engine";
import type { CallbackRef } from "@antiphon/host";
import type { JsonObject } from "@antiphon/protocol";
import type { Gateway } from "../gateway.ts";
import { type StartedInstance, storedInstance } from "../queries/stored-instances.ts";

/**
 * How long an answer waits for the store to know of its wait, which is in the log already, and how often it looks. An
 * answer that outran it for longer is passed on as it is: whether the wait takes it is the instance's to say.
 */
export const STORE_LAG_MS = 1_000;
const LOOK_AGAIN_MS = 20;

/** What a wait of a callback asks of its answer. */
export interface Awaited {
  /** The event's type; absent: there are several, or none is known. */
  readonly eventType?: string;
  /** What the answer must look like, if the service's document says. */
  readonly schemas: readonly JsonObject[];
}

/** What is asked of the answer to a wait; of one that is not open, nothing is. */
export async function awaitedBy(gateway: Gateway, { instance: id, wait }: CallbackRef): Promise<Awaited> {
  const { clock } = gateway.ports;
  const untilMs = clock.steady() + STORE_LAG_MS;
  for (;;) {
    const instance = (await storedInstance(gateway.ports, id))?.state;
    if (instance !== undefined && isKnownIn(instance, wait)) return awaitedIn(gateway, instance, wait);
    if (clock.steady() >= untilMs || gateway.signal.aborted) return { schemas: [] };
    await clock.sleep(LOOK_AGAIN_MS, gateway.signal);
  }
}

/** Waits are named `{visit}.{place}`, and visits are counted. */
function isKnownIn({ status, visits }: StartedInstance, wait: string): boolean {
  return status !== "active" || Number.parseInt(wait, 10) <= visits;
}

function awaitedIn({ ports }: Gateway, instance: StartedInstance, wait: string): Awaited {
  const open = openWaits(instance).find((one) => one.wait === wait);
  if (open === undefined) return { schemas: [] };
  const [event, ...others] = open.events;
  const definition = ports.definitions.find(instance.definition)?.definition;
  const schemas = definition === undefined ? [] : schemasOf(definition, open.state);
  return { schemas, ...(event && others.length === 0 && { eventType: event.eventType }) };
}

/** The schemas of the callbacks that the operation of a callback state declares. */
function schemasOf({ states }: Definition, name: string): readonly JsonObject[] {
  const state = states[name];
  if (state?.type !== "callback" || state.action?.call.kind !== "function") return [];
  const called = state.action.call.function;
  if (called.kind !== "openapi") return [];
  return called.operation.callbacks.flatMap(({ schema }) => (schema === undefined ? [] : [schema]));
}
