import type { Decision } from "./decision.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "./json.ts";

/** The most characters of a record that an error repeats. */
const SHOWN_MAX = 80;

/** Reads the value of a record on a compare-and-append topic; throws an Error that says what was found instead. */
export function readDecision<Event>(value: string | null): Decision<Event> {
  const read = parseJson(value ?? "null");
  if (isJsonObject(read) && isDecision(read)) return read as unknown as Decision<Event>;
  throw new Error(`expected a decision with atMs and events, found ${(value ?? "nothing").slice(0, SHOWN_MAX)}`);
}

/** What a fold goes by without asking: were it something else, the fold would be lost. Facts it can pass over. */
function isDecision({ atMs, events, input, previous, from, reply, rejected }: JsonObject): boolean {
  return (
    typeof atMs === "number" &&
    Array.isArray(events) &&
    events.every((event) => isJsonObject(event)) &&
    isOffset(input) &&
    isOffset(previous) &&
    (from === undefined || isStamp(from)) &&
    (reply === undefined || hasTexts(reply, "gateway", "request")) &&
    (rejected === undefined || hasTexts(rejected, "reason", "value"))
  );
}

function isStamp(value: Json): boolean {
  if (!hasTexts(value, "topic")) return false;
  const { partition, offset, index } = value as JsonObject;
  return Number.isSafeInteger(partition) && Number.isSafeInteger(offset) && Number.isSafeInteger(index);
}

function isOffset(value: Json | undefined): boolean {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0);
}

function hasTexts(value: Json, ...names: readonly string[]): boolean {
  return isJsonObject(value) && names.every((name) => typeof value[name] === "string");
}
