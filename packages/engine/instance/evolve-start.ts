import type { InstanceEvent } from "@antiphon/protocol";
import type { AbsentInstance, ActiveInstance } from "./instance.ts";
import { withSeen } from "./seen.ts";

type Started = Extract<InstanceEvent, { type: "InstanceStarted" }>;
type Buffered = Extract<InstanceEvent, { type: "EventBuffered" }>;

/** An instance has begun; what came early for it stays with it. */
export function started({ buffer }: AbsentInstance, event: Started, atMs: number): ActiveInstance {
  const { type: _, instance, keepsInput, startedBy, startFrom: __, ...facts } = event;
  return {
    status: "active",
    id: instance,
    ...facts,
    sinceMs: atMs,
    updatedMs: atMs,
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

/** An event has come before its wait, or before its instance. */
export function withEarly<Held extends AbsentInstance | ActiveInstance>(
  instance: Held,
  { event, expiresMs }: Buffered,
  sinceMs: number,
): Held {
  return { ...instance, buffer: [...instance.buffer, { event, sinceMs, expiresMs }] };
}
