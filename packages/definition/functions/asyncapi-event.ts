import type { AsyncApiOperation, Definition, EventDefinition } from "../model.ts";
import { channelOf } from "../properties/channels.ts";

/** The event that a `receive` operation waits for: its type is the channel's name. */
export function receivedEvent({ channel }: AsyncApiOperation): EventDefinition {
  return { name: channel, type: channel, kind: "consumed", dataOnly: true, correlation: [], metadata: {} };
}

/**
 * The event that a `send` operation publishes: its type is the channel's name, or `{channel}_out` where the properties
 * configure a channel of that name, as later releases of SonataFlow call it.
 */
export function sentEvent(
  { properties }: Pick<Definition, "properties">,
  { channel }: AsyncApiOperation,
): EventDefinition {
  const out = `${channel}_out`;
  const type = channelOf(properties, out, "outgoing")?.name === out ? out : channel;
  return { name: channel, type, kind: "produced", dataOnly: true, correlation: [], metadata: {} };
}
