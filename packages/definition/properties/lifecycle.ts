import type { Definition } from "../model.ts";
import { channelNamed } from "./channels.ts";
import { type Destination, isUrl } from "./destination.ts";
import { propertyOf } from "./properties.ts";

/** What lifecycle events tell of. */
export type LifecycleSubject = "processinstances" | "processdefinitions";

/**
 * Where lifecycle events go: to the channel that is named like their topic, `kogito-{subject}-events`, structured.
 * Undefined: nowhere, as they are neither switched on (`kogito.events.{subject}.enabled`) nor have a channel, or are
 * switched off.
 */
export function lifecycleDestination(
  { properties }: Pick<Definition, "properties">,
  subject: LifecycleSubject,
): Destination | undefined {
  const name = `kogito-${subject}-events`;
  const channel = channelNamed(properties, name, "outgoing");
  const flag = propertyOf(properties, `kogito.events.${subject}.enabled`)?.trim().toLowerCase();
  if (flag === "false" || (flag !== "true" && channel === undefined)) return undefined;
  const sink = channel?.url?.trim();
  if (channel?.isHttp && isUrl(sink)) return { topic: name, channel: name, sink, mode: "structured" };
  return { topic: channel?.topics[0] ?? name, channel: name, mode: "structured" };
}
