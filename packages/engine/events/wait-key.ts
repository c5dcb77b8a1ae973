import type { EventDefinition } from "@antiphon/definition";
import { attributeOf, type CloudEvent, correlationKey } from "@antiphon/protocol";
import { illegal } from "../errors/workflow-fault.ts";
import type { Language } from "../language/language.ts";
import type { Visit } from "../token/visit.ts";

/** The key that a wait for an event is registered under; undefined: only an instance id or a token finds it. */
export type KeyOf = (visit: Visit) => string | undefined;

/** A value is the definition's own, or the one that is known to the instance; without one the wait cannot open. */
export function compileKey(language: Language, { name, type, correlation }: EventDefinition): KeyOf {
  if (correlation.length === 0) return () => undefined;
  const attributes = correlation.map((attribute) => ({
    name: attribute.name,
    value: attribute.value === undefined ? undefined : language.value(attribute.value, subjectOf(name, attribute.name)),
  }));
  return (visit) => {
    const known = visit.instance.correlation;
    const values: Record<string, string> = {};
    for (const attribute of attributes) {
      const value = attribute.value === undefined ? known[attribute.name] : visit.evaluate(attribute.value);
      if (value !== undefined && value !== "") values[attribute.name] = value;
      else throw withoutValue(name, attribute.name, attribute.value !== undefined);
    }
    return correlationKey("", type, values);
  };
}

function withoutValue(event: string, attribute: string, isGiven: boolean) {
  const found = isGiven
    ? "its contextAttributeValue is empty"
    : "neither what started the instance nor an earlier event brought one";
  return illegal("correlation", `${subjectOf(event, attribute)}: expected a value, found none: ${found}`);
}

function subjectOf(event: string, attribute: string): string {
  return `event ${JSON.stringify(event)}, correlation attribute ${JSON.stringify(attribute)}`;
}

/** The correlation attributes that an event carries. */
export function valuesOf(event: CloudEvent, { correlation }: EventDefinition): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { name } of correlation) {
    const value = attributeOf(event, name);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/**
 * Where an event's own correlation attributes contradict a wait's key, in words; undefined: they do not. An attribute
 * that the event lacks contradicts nothing.
 */
export function contradiction(event: CloudEvent, definition: EventDefinition, key: string): string | undefined {
  const expected = attributesIn(key);
  for (const [name, found] of Object.entries(valuesOf(event, definition))) {
    const value = expected.get(name);
    if (value !== undefined && value !== found) {
      return `correlation attribute ${JSON.stringify(name)}: expected ${JSON.stringify(value)}, found ${JSON.stringify(found)}`;
    }
  }
  return undefined;
}

/** The attributes in a key of `correlationKey`: behind tenant and type, names and values in turn, each behind its length. */
function attributesIn(key: string): ReadonlyMap<string, string> {
  const parts: string[] = [];
  for (let at = 0; at < key.length; ) {
    const colon = key.indexOf(":", at);
    const end = colon + 1 + Number(key.slice(at, colon));
    parts.push(key.slice(colon + 1, end));
    at = end;
  }
  const attributes = new Map<string, string>();
  for (let i = 2; i + 1 < parts.length; i += 2) attributes.set(parts[i] as string, parts[i + 1] as string);
  return attributes;
}
