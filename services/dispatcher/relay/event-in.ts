import { type CloudEvent, isJsonObject, type Json, parseJson, readCloudEvent } from "@antiphon/protocol";

/** The result event that a command carried, by the command's text; undefined: it carried none. */
export function eventIn(command: string): CloudEvent | undefined {
  try {
    const read = parseJson(command);
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
