import type { CloudEvent } from "./cloud-event.ts";
import { isJsonObject, type Json, parseJson } from "./json.ts";

/** The result event that an order to an instance or to the correlator carried, by its text; undefined: it carried none. */
export function eventIn(order: string): CloudEvent | undefined {
  let read: Json;
  try {
    read = parseJson(order);
  } catch {
    return undefined;
  }
  if (!isJsonObject(read)) return undefined;
  const carried = read["event"];
  const event = read["type"] === "StartInstance" && isJsonObject(carried) ? carried["event"] : carried;
  return isEventShaped(event) ? event : undefined;
}

/**
 * Whether a document has what tells one event from another. That is enough for what is in the machine already: it was
 * checked when it came in, perhaps by a release that let more pass.
 */
export function isEventShaped(document: Json | undefined): document is CloudEvent {
  if (!isJsonObject(document)) return false;
  const { specversion, id, source, type } = document;
  return specversion === "1.0" && typeof source === "string" && isName(id) && isName(type);
}

function isName(value: Json | undefined): boolean {
  return typeof value === "string" && value !== "";
}
