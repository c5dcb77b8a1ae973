import {
  type AttributeValue,
  areCloudEvents,
  attributeValue,
  broadcastsEvents,
  type CorrelationAttribute,
  type Definition,
  durationMs,
  type EventAllowance,
  type EventDefinition,
  incomingPath,
  incomingTopics,
} from "@antiphon/definition";
import { type Cardinality, type CloudEvent, isMachineTopic } from "@antiphon/protocol";
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
  /** By attribute: how its value is read where the definition says that it stands elsewhere in the event. */
  readonly readers?: Readonly<Record<string, AttributeReader>>;
  /** Without attributes: an event that names no instance goes to every instance which waits for it. */
  readonly broadcast?: true;
  readonly cardinality: Cardinality;
  readonly bufferMs: number;
}

/** An expression over an event, compiled. */
export interface AttributeReader {
  readonly expression: string;
  read(event: CloudEvent, allowance?: EventAllowance): AttributeValue;
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

type Types = Map<string, { readonly awaited: Awaited[]; readonly starting: Starting[] }>;

/** How events come in on one topic, or on one path. */
export interface Intake {
  /** Who consumes what from here. */
  readonly types: ReadonlyMap<string, Consumers>;
  /** Whether somebody takes CloudEvents from here. */
  readonly cloudEvents: boolean;
  /** The types of which nothing but the data comes here, sorted: each record is one event of each. */
  readonly bareTypes: readonly string[];
}

/** Which events the deployed definitions consume, and where they come in. */
export interface Subscriptions {
  readonly types: ReadonlyMap<string, Consumers>;
  readonly topics: readonly string[];
  readonly byTopic: ReadonlyMap<string, Intake>;
  /** By method and path of their channels, `POST /wait`. */
  readonly byPath: ReadonlyMap<string, Intake>;
}

/** Says what the definitions consume: of the current ones also what starts them. */
export function subscribe(deployed: readonly Deployed[]): Subscriptions {
  const all = new IntakeBuilder();
  const byTopic = new Map<string, IntakeBuilder>();
  const byPath = new Map<string, IntakeBuilder>();
  for (const { hash, definition, current } of deployed) {
    const starts = startEvents(definition);
    const startTypes = new Set(starts.map(({ type }) => type));
    for (const event of awaitedEvents(definition)) {
      const one = awaitedBy(definition, event, startTypes);
      for (const intake of intakesOf(definition, event.type)) intake.awaited(event.type, one);
    }
    if (!current) continue;
    for (const { type, name } of starts) {
      const one = { workflow: definition.id, definition: hash, event: name };
      for (const intake of intakesOf(definition, type)) intake.starting(type, one);
    }
  }
  return { types: all.types, topics: [...byTopic.keys()].sort(), byTopic: built(byTopic), byPath: built(byPath) };

  function intakesOf(definition: Definition, type: string): readonly IntakeBuilder[] {
    // Those of the machine are for no definition, whatever its configuration has come to say.
    const named = incomingTopics(definition, type).filter((topic) => !isMachineTopic(topic));
    const topics = named.map((topic) => intakeAt(byTopic, topic));
    const path = incomingPath(definition, type);
    const places = path === undefined ? topics : [...topics, intakeAt(byPath, path)];
    for (const place of places) place.reads(type, areCloudEvents(definition));
    return [all, ...places];
  }
}

/** What is consumed at one place, as it comes together. */
class IntakeBuilder {
  readonly types: Types = new Map();
  readonly #bareTypes = new Set<string>();
  #cloudEvents = false;

  reads(type: string, asCloudEvents: boolean): void {
    if (asCloudEvents) this.#cloudEvents = true;
    else this.#bareTypes.add(type);
  }

  awaited(type: string, one: Awaited): void {
    addAwaited(this.#consumersOf(type).awaited, one);
  }

  starting(type: string, one: Starting): void {
    const { starting } = this.#consumersOf(type);
    if (!starting.some(({ workflow }) => workflow === one.workflow)) starting.push(one);
  }

  build(): Intake {
    return { types: this.types, cloudEvents: this.#cloudEvents, bareTypes: [...this.#bareTypes].sort() };
  }

  #consumersOf(type: string) {
    const known = this.types.get(type) ?? { awaited: [], starting: [] };
    this.types.set(type, known);
    return known;
  }
}

function intakeAt(places: Map<string, IntakeBuilder>, name: string): IntakeBuilder {
  const known = places.get(name) ?? new IntakeBuilder();
  places.set(name, known);
  return known;
}

function built(places: ReadonlyMap<string, IntakeBuilder>): ReadonlyMap<string, Intake> {
  return new Map([...places].map(([name, intake]) => [name, intake.build()]));
}

/**
 * An event by which a workflow starts is not offered to its instances by correlation values as well: whoever sends the
 * first one could not start it, because no instance can wait for it before one has started.
 */
function awaitedBy(definition: Definition, event: EventDefinition, startTypes: ReadonlySet<string>): Awaited {
  const { cardinality, bufferFor } = event.metadata;
  const isStart = startTypes.has(event.type);
  const attributes = isStart ? [] : event.correlation;
  const readers = readersOf(definition, attributes);
  const broadcast = !isStart && broadcastsEvents(definition, event);
  return {
    workflow: definition.id,
    attributes: [...new Set(attributes.map(({ name }) => name))].sort(),
    ...(readers.length > 0 && { readers: Object.fromEntries(readers) }),
    ...(broadcast && { broadcast }),
    cardinality: broadcast || cardinality === "all" ? "all" : cardinality === "reject" ? "reject" : "one",
    bufferMs: (typeof bufferFor === "string" ? durationMs(bufferFor) : undefined) ?? BUFFER_MS_DEFAULT,
  };
}

function readersOf(definition: Definition, attributes: readonly CorrelationAttribute[]) {
  return attributes.flatMap((attribute): readonly (readonly [string, AttributeReader])[] => {
    const { name, from } = attribute;
    return from === undefined ? [] : [[name, { expression: from, read: attributeValue(definition, attribute) }]];
  });
}

/** Versions of a workflow mostly await the same. Readers are told apart by their expressions: functions are no JSON. */
function addAwaited(all: Awaited[], one: Awaited): void {
  const text = JSON.stringify(one);
  if (!all.some((known) => JSON.stringify(known) === text)) all.push(one);
}
