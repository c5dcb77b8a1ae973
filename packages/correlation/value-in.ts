import type { AttributeValue } from "@antiphon/definition";
import { attributeOf, type CloudEvent } from "@antiphon/protocol";
import type { Awaited } from "./subscribe.ts";

/** Why an event without the attribute has no value. */
export const ABSENT = "missing or empty in the event";

/** What an event has for an attribute by which it is awaited: where the definition says, else in the attribute itself. */
export function valueIn(event: CloudEvent, { readers }: Pick<Awaited, "readers">, name: string): AttributeValue {
  const reader = readers && Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (reader !== undefined) return reader.read(event);
  const value = attributeOf(event, name);
  return value === undefined ? { missing: ABSENT } : { value };
}
