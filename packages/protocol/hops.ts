import { attributeOf, type CloudEvent } from "./cloud-event.ts";

/**
 * The extension attribute that counts how many instances, each started by an event of the one before, stand behind an
 * event: a workflow that starts itself again by what it publishes would go on for ever, and multiply if it publishes more.
 */
export const HOPS_ATTRIBUTE = "antiphonhops";

/** An event of more hops starts nothing and resolves nothing. */
export const HOPS_MAX = 100;

/** The hops of an event: none if it does not say, or says what is no count. */
export function hopsOf(event: CloudEvent): number {
  const text = attributeOf(event, HOPS_ATTRIBUTE);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : 0;
}
