import type { Definition, EventDefinition } from "../model.ts";
import { propertyOf } from "./properties.ts";

/**
 * Whether an event that says nothing of whom it is for goes to every instance that waits for it, as SonataFlow does it.
 * Only if `antiphon.events.broadcast` is true (`ANTIPHON_EVENTS_BROADCAST` in the environment), and never where the
 * definition of the event names correlation attributes: one that lacks them is for nobody.
 */
export function broadcastsEvents(
  { properties }: Pick<Definition, "properties">,
  { correlation }: Pick<EventDefinition, "correlation">,
): boolean {
  return (
    correlation.length === 0 && propertyOf(properties, "antiphon.events.broadcast")?.trim().toLowerCase() === "true"
  );
}
