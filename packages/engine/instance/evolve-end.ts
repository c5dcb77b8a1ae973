import type { InstanceEvent } from "@antiphon/protocol";
import type { ActiveInstance, EndedInstance } from "./instance.ts";

type End = Extract<InstanceEvent, { type: "InstanceCompleted" | "InstanceFaulted" | "InstanceAborted" }>;

/** An instance has ended: its data stays, and what it has taken, so that late events are told from repeated ones. */
export function ended(instance: ActiveInstance, event: End): EndedInstance {
  const { id, workflow, version, definition, data, businessKey, seen, visits, tokens, reply } = instance;
  const kept = {
    id,
    workflow,
    version,
    definition,
    data,
    ...(businessKey !== undefined && { businessKey }),
    seen,
    visits,
    tokens,
    ...(reply && { reply }),
  };
  switch (event.type) {
    case "InstanceCompleted":
      return { ...kept, status: "completed" };
    case "InstanceAborted":
      return { ...kept, status: "aborted", reason: event.reason };
    case "InstanceFaulted":
      return { ...kept, status: "faulted", error: event.error };
  }
}
