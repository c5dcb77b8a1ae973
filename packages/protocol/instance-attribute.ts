import { attributeOf, type CloudEvent } from "./cloud-event.ts";

/**
 * Extension attributes by which a result event names the instance that it is for, in the order in which they count:
 * SonataFlow's, and ours, which a service gets with each event and may send back as it is.
 */
export const INSTANCE_ATTRIBUTES = ["kogitoprocrefid", "antiphoninstance"] as const;

/** The instance that an event names; undefined if it names none. */
export function instanceOf(event: CloudEvent): string | undefined {
  for (const name of INSTANCE_ATTRIBUTES) {
    const id = attributeOf(event, name);
    if (id !== undefined) return id;
  }
  return undefined;
}
