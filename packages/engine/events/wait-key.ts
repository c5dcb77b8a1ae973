import { attributeValue, broadcastsEvents, type Definition, type EventDefinition } from "@antiphon/definition";
import {
  attributesOfKey,
  BUSINESS_KEY_ATTRIBUTE,
  broadcastKey,
  type CloudEvent,
  correlationKey,
  loneSurrogate,
  TENANT,
} from "@antiphon/protocol";
import { illegal } from "../errors/workflow-fault.ts";
import type { Language } from "../language/language.ts";
import type { Visit } from "../token/visit.ts";

/** The key that a wait for an event is registered under; undefined: only an instance id or a token finds it. */
export type KeyOf = (visit: Visit) => string | undefined;

/**
 * A value is the definition's own, or the one that is known to the instance; without one the wait cannot open. Without
 * correlation attributes it is the instance's business key that counts, if it has one.
 */
export function compileKey(language: Language, event: EventDefinition): KeyOf {
  const { name, type, correlation } = event;
  if (broadcastsEvents(language.definition, event)) return () => broadcastKey(TENANT, type);
  if (correlation.length === 0) {
    return ({ instance }) => correlationKey(TENANT, type, { [BUSINESS_KEY_ATTRIBUTE]: instance.businessKey });
  }
  const attributes = correlation.map((attribute) => ({
    name: attribute.name,
    value: attribute.value === undefined ? undefined : language.value(attribute.value, subjectOf(name, attribute.name)),
  }));
  return (visit) => {
    const known = visit.instance.correlation;
    const values: Record<string, string> = {};
    for (const attribute of attributes) {
      const value = attribute.value === undefined ? ownValue(known, attribute.name) : visit.evaluate(attribute.value);
      if (value === undefined || value === "") throw withoutValue(name, attribute.name, attribute.value !== undefined);
      if (!value.isWellFormed()) throw illFormed(name, attribute.name, value);
      values[attribute.name] = value;
    }
    return correlationKey(TENANT, type, values);
  };
}

function ownValue(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function withoutValue(event: string, attribute: string, isGiven: boolean) {
  const found = isGiven
    ? "its contextAttributeValue is empty"
    : "neither what started the instance nor an earlier event brought one";
  return illegal("correlation", `${subjectOf(event, attribute)}: expected a value, found none: ${found}`);
}

/** In UTF-8 all lone surrogates are the same: such a value would be another one's key. */
function illFormed(event: string, attribute: string, value: string) {
  return illegal(
    "correlation",
    `${subjectOf(event, attribute)}: expected well-formed text, found ${loneSurrogate(value)}`,
  );
}

function subjectOf(event: string, attribute: string): string {
  return `event ${JSON.stringify(event)}, correlation attribute ${JSON.stringify(attribute)}`;
}

/** The values of its correlation attributes that an event brings. */
export type ValuesOf = (event: CloudEvent) => Readonly<Record<string, string>>;

/** Where an event has the values of its correlation attributes: as its definition says. */
export function compileValues(definition: Definition, { correlation }: EventDefinition): ValuesOf {
  const readers = correlation.map((attribute) => [attribute.name, attributeValue(definition, attribute)] as const);
  return (event) => {
    const values: Record<string, string> = {};
    for (const [name, read] of readers) {
      const found = read(event);
      if ("value" in found) values[name] = found.value;
    }
    return values;
  };
}

/**
 * Where the correlation values that an event brings contradict a wait's key, in words; undefined: they do not. An
 * attribute that the event lacks contradicts nothing.
 */
export function contradiction(values: Readonly<Record<string, string>>, key: string): string | undefined {
  const expected = attributesOfKey(key);
  for (const [name, found] of Object.entries(values)) {
    const value = expected.get(name);
    if (value !== undefined && value !== found) {
      return `correlation attribute ${JSON.stringify(name)}: expected ${JSON.stringify(value)}, found ${JSON.stringify(found)}`;
    }
  }
  return undefined;
}
