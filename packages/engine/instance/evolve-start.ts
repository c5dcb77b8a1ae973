import type { InstanceEvent } from "@antiphon/protocol";
import type { AbsentInstance, ActiveInstance } from "./instance.ts";
import { withSeen } from "./seen.ts";

type Started = Extract<InstanceEvent, { type: "InstanceStarted" }>;

/** An instance has begun; what came early for it stays with it. */
export function started({ buffer }: AbsentInstance, event: Started, atMs: number): ActiveInstance {
  const { type: _, instance, keepsInput, startedBy, startFrom: __, ...facts } = event;
  return {
    status: "active",
    id: instance,
    ...facts,
    ...(event.hops !== undefined && { sinceMs: atMs }),
    ...(keepsInput && { input: event.data }),
    ...(startedBy && { startedByType: startedBy.type }),
    ...(startedBy === undefined ? { seen: [] } : withSeen({ seen: [] }, startedBy, atMs)),
    visits: 0,
    tokens: {},
    actions: {},
    waits: {},
    timers: {},
    buffer,
  };
}
