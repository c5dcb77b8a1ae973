import { type CloudEvent, readCloudEvent } from "./cloud-event.ts";
import { isJsonObject, type Json, parseJson } from "./json.ts";

/** The result event that an order to an instance or to the correlator carried, by its text; undefined: it carried none. */
export function eventIn(order: string): CloudEvent | undefined {
  try {
    const read = parseJson(order);
    if (!isJsonObject(read)) return undefined;
    const carried: Json = read["event"] ?? null;
    return readCloudEvent(
      read["type"] === "StartInstance" && isJsonObject(carried) ? (carried["event"] ?? null) : carried,
    );
  } catch {
    // Whatever it was, it is kept as the text that it is.
    return undefined;
  }
}
