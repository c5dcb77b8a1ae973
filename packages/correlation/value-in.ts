import { type AttributeValue, type EventAllowance, eventAllowance } from "@antiphon/definition";
import { attributeOf, type CloudEvent } from "@antiphon/protocol";
import type { Awaited } from "./subscribe.ts";

/** Why an event without the attribute has no value. */
export const ABSENT = "missing or empty in the event";

/** What an event has for an attribute by which it is awaited: where the definition says, else in the attribute itself. */
export function valueIn(
  event: CloudEvent,
  { readers }: Pick<Awaited, "readers">,
  name: string,
  allowance?: EventAllowance,
): AttributeValue {
  const reader = readers && Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (reader !== undefined) return reader.read(event, allowance);
  const value = attributeOf(event, name);
  return value === undefined ? { missing: ABSENT } : { value };
}

/**
 * The values by which one event is sought out. All events of a type wait until it is known where this one goes, so a
 * workflow may use only so much for it, however many of its events and attributes have expressions.
 */
export class ValuesSought {
  readonly #event: CloudEvent;
  readonly #allowances = new Map<string, EventAllowance>();

  constructor(event: CloudEvent) {
    this.#event = event;
  }

  of(one: Awaited, name: string): AttributeValue {
    const allowance = this.#allowances.get(one.workflow) ?? eventAllowance();
    this.#allowances.set(one.workflow, allowance);
    return valueIn(this.#event, one, name, allowance);
  }
}
