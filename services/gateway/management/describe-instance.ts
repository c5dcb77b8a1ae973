import type { Definition } from "@antiphon/definition";
import type { JsonObject } from "@antiphon/protocol";
import { iso } from "../queries/parameters.ts";
import type { HeldInstance } from "../workflows/held-instance.ts";
import { stateType } from "./describe-process.ts";

/** The visits of states that an instance is in, as node instances: the id is the visit's number. */
export function nodeInstancesOf(instance: HeldInstance, definition: Definition | undefined): readonly JsonObject[] {
  return Object.values(instance.tokens).map(({ state: name, visit }) => {
    const state = definition?.states[name];
    return {
      id: String(visit),
      nodeId: name,
      name,
      ...(state && { type: stateType(state) }),
      status: instance.status,
      actions: idsOf(instance.actions, visit, ({ status }) => status === "pending"),
      waits: idsOf(instance.waits, visit, ({ status }) => status === "open"),
    };
  });
}

/** The timers that run, the earliest first; with a visit those of that node instance alone. */
export function timersOf(instance: HeldInstance, visit?: number): readonly JsonObject[] {
  const running = Object.entries(instance.timers).filter(([id, { fired }]) => {
    return !fired && (visit === undefined || visitIn(id) === visit);
  });
  return running
    .toSorted(([, a], [, b]) => a.dueMs - b.dueMs)
    .map(([timerId, { dueMs }]) => {
      const own = visitIn(timerId);
      return {
        timerId,
        processId: instance.workflow,
        processInstanceId: instance.id,
        ...(own !== undefined && { nodeInstanceId: String(own) }),
        dueAt: iso(dueMs),
      };
    });
}

function idsOf<T>(entries: Readonly<Record<string, T>>, visit: number, isMeant: (entry: T) => boolean): string[] {
  return Object.entries(entries).flatMap(([id, entry]) => (visitIn(id) === visit && isMeant(entry) ? [id] : []));
}

/** The visit that an id, `{visit}.{place}`, belongs to; undefined: to the instance as a whole. */
function visitIn(id: string): number | undefined {
  const visit = Number.parseInt(id, 10);
  return Number.isNaN(visit) ? undefined : visit;
}
