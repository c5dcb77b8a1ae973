import { type Definition, durationMs, type EventDefinition, topicOf } from "@antiphon/definition";
import type { Cardinality } from "@antiphon/protocol";
import { awaitedEvents, startEvents } from "./consumed-events.ts";

/** How long an early event is held where its definition has no `bufferFor`. */
export const BUFFER_MS_DEFAULT = 3_600_000;

/** A definition that may have instances. Of each workflow the newest one deployed is `current`. */
export interface Deployed {
  readonly hash: string;
  readonly definition: Definition;
  readonly current: boolean;
}

/** An event that running instances of a workflow wait for. */
export interface Awaited {
  readonly workflow: string;
  /** Attributes that tell which instance it is for, sorted; none: only its instance id or token can. */
  readonly attributes: readonly string[];
  readonly cardinality: Cardinality;
  readonly bufferMs: number;
}

/** An event that starts a workflow. */
export interface Starting {
  readonly workflow: string;
  /** Hash of the current definition. */
  readonly definition: string;
  /** Name of the event's definition. */
  readonly event: string;
}

/** Who consumes events of one type. */
export interface Consumers {
  readonly awaited: readonly Awaited[];
  readonly starting: readonly Starting[];
}

/** Which events the deployed definitions consume, and the topics on which they come. */
export interface Subscriptions {
  readonly types: ReadonlyMap<string, Consumers>;
  readonly topics: readonly string[];
}

/** Says what the definitions consume: of the current ones also what starts them. */
export function subscribe(deployed: readonly Deployed[]): Subscriptions {
  const types = new Map<string, { awaited: Awaited[]; starting: Starting[] }>();
  const topics = new Set<string>();
  for (const { hash, definition, current } of deployed) {
    const starts = startEvents(definition);
    const startTypes = new Set(starts.map(({ type }) => type));
    for (const event of awaitedEvents(definition)) {
      topics.add(topicOf(definition, event.type, "incoming"));
      addAwaited(consumersOf(event.type).awaited, awaitedBy(definition, event, startTypes));
    }
    if (!current) continue;
    for (const { type, name } of starts) {
      topics.add(topicOf(definition, type, "incoming"));
      const { starting } = consumersOf(type);
      const isKnown = starting.some(({ workflow }) => workflow === definition.id);
      if (!isKnown) starting.push({ workflow: definition.id, definition: hash, event: name });
    }
  }
  return { types, topics: [...topics].sort() };

  function consumersOf(type: string) {
    const known = types.get(type) ?? { awaited: [], starting: [] };
    types.set(type, known);
    return known;
  }
}

/**
 * An event by which a workflow starts is not offered to its instances by correlation values as well: whoever sends the
 * first one could not start it, because no instance can wait for it before one has started.
 */
function awaitedBy({ id }: Definition, event: EventDefinition, startTypes: ReadonlySet<string>): Awaited {
  const { cardinality, bufferFor } = event.metadata;
  const names = startTypes.has(event.type) ? [] : event.correlation.map(({ name }) => name);
  return {
    workflow: id,
    attributes: [...new Set(names)].sort(),
    cardinality: cardinality === "all" || cardinality === "reject" ? cardinality : "one",
    bufferMs: (typeof bufferFor === "string" ? durationMs(bufferFor) : undefined) ?? BUFFER_MS_DEFAULT,
  };
}

/** Versions of a workflow mostly await the same. */
function addAwaited(all: Awaited[], one: Awaited): void {
  const text = JSON.stringify(one);
  if (!all.some((known) => JSON.stringify(known) === text)) all.push(one);
}
