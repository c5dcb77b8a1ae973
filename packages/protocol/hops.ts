import { attributeOf, type CloudEvent } from "./cloud-event.ts";

/**
 * The extension attribute that counts how many instances, each started by the one before, stand behind an event: a
 * workflow that starts itself again would go on for ever, and multiply if it starts more than one.
 */
export const HOPS_ATTRIBUTE = "antiphonhops";

/** The extension attribute that names the instance at the beginning of them; absent: the one that published the event. */
export const FAMILY_ATTRIBUTE = "antiphonroot";

/** An event of more hops starts nothing and resolves nothing, and an instance of so many starts no other. */
export const HOPS_MAX = 100;

/** For every time that an instance has been there for so long, one hop is forgotten: what goes on slowly may go on for years. */
export const HOP_REGAIN_MS = 30_000;

/** The hops of an event: none if it does not say, or says what is no count. */
export function hopsOf(event: CloudEvent): number {
  const text = attributeOf(event, HOPS_ATTRIBUTE);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : 0;
}

/** The instance at the beginning of whatever led to an event; undefined: it comes from outside. */
export function familyOf(event: CloudEvent): string | undefined {
  return attributeOf(event, FAMILY_ATTRIBUTE) ?? attributeOf(event, "antiphoninstance");
}
