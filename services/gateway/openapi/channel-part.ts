import type { Definition } from "@antiphon/definition";
import type { JsonObject } from "@antiphon/protocol";
import { channelPaths } from "../events/channel-paths.ts";
import { componentName } from "./data-schema.ts";
import { operation } from "./operation.ts";
import { TAKING_EVENTS } from "./taking-events.ts";

/** The paths at which channels of workflows take events. */
export function channelPart(definitions: readonly Definition[]): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const place of definitions.flatMap(channelPaths)) {
    const [method = "", written = ""] = place.split(" ", 2);
    const path = written.replace(/[{}?#]/g, encodeURIComponent);
    const call = {
      id: `receiveEvents_${componentName(place)}`,
      tag: "Events",
      summary: "Take a CloudEvent for the channel of this path, or a batch of them",
      ...TAKING_EVENTS,
    };
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(path, call) };
  }
  return paths;
}
