import type { CloudEvent, InstanceEvent, Json } from "@antiphon/protocol";
import type { Input, Instance } from "../index.ts";

/** The instance of these tests, and the hash of its definition. */
export const INSTANCE = "i-1";
export const HASH = "sha-1";

export function start(data: Json = {}, more: Partial<Extract<Input, { type: "StartInstance" }>> = {}): Input {
  return {
    type: "StartInstance",
    instance: INSTANCE,
    workflow: "onboarding",
    definition: HASH,
    data,
    headers: {},
    ...more,
  };
}

export function started(
  data: Json = {},
  more: Partial<Extract<InstanceEvent, { type: "InstanceStarted" }>> = {},
): InstanceEvent {
  return {
    type: "InstanceStarted",
    instance: INSTANCE,
    workflow: "onboarding",
    version: "1.0",
    definition: HASH,
    data,
    headers: {},
    correlation: {},
    ...more,
  };
}

/** The fact by which the function `service` is asked for. */
export function requested(
  action: string,
  args: Json = {},
  more: Partial<Extract<InstanceEvent, { type: "ActionRequested" }>> = {},
): InstanceEvent {
  return { type: "ActionRequested", action, function: "service", definition: HASH, arguments: args, ...more };
}

/** How an instance stands, and its data. */
export function outcomeOf(instance: Instance): readonly [string, Json?] {
  return "data" in instance ? [instance.status, instance.data] : [instance.status];
}

export function cloudEvent(type: string, id: string, data?: Json, more: Record<string, Json> = {}): CloudEvent {
  const event = { specversion: "1.0", id, source: "/tests", type, ...more } as const;
  return data === undefined ? event : { ...event, data };
}

export function deliver(
  event: CloudEvent,
  found: Extract<Input, { type: "DeliverEvent" }>["found"] = { by: "instance" },
): Input {
  return { type: "DeliverEvent", instance: INSTANCE, event, found };
}

export function answer(
  action: string,
  output?: Json,
  http?: { status: number; headers: Record<string, string> },
  attempt?: number,
): Input {
  const outcome = { status: "completed", ...(output !== undefined && { output }), ...(http && { http }) } as const;
  const answered = attempt === undefined ? { action } : { action, attempt };
  return { type: "CompleteAction", instance: INSTANCE, ...answered, outcome };
}

export function failure(
  action: string,
  code: string,
  message = "no",
  classes: readonly string[] = [],
  attempt?: number,
): Input {
  return {
    type: "CompleteAction",
    instance: INSTANCE,
    action,
    ...(attempt !== undefined && { attempt }),
    outcome: { status: "failed", error: { code, message, classes } },
  };
}

export const reachTime: Input = { type: "ReachTime" };
export const retrigger: Input = { type: "RetriggerInstance", instance: INSTANCE };
export const skip: Input = { type: "RetriggerInstance", instance: INSTANCE, skip: true };
export const abort: Input = { type: "AbortInstance", instance: INSTANCE };
