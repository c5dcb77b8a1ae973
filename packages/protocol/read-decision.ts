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
function isDecision(read: JsonObject): boolean {
  const {
    atMs,
    events,
    input,
    previous,
    beginning,
    from,
    reply,
    rejected,
    checkpoint,
    partition,
    forgotten = [],
  } = read;
  return (
    typeof atMs === "number" &&
    Array.isArray(events) &&
    events.every((event) => isJsonObject(event)) &&
    isOffset(input) &&
    isOffset(previous) &&
    isOffset(beginning) &&
    (from === undefined || isStamp(from)) &&
    (reply === undefined || hasTexts(reply, "gateway", "request")) &&
    (rejected === undefined || hasTexts(rejected, "reason", "value")) &&
    (checkpoint === undefined || (isJsonObject(checkpoint) && isCheckpoint(checkpoint))) &&
    (partition === undefined || (isJsonObject(partition) && isPartition(partition))) &&
    Array.isArray(forgotten) &&
    forgotten.every((key) => typeof key === "string")
  );
}

function isCheckpoint({ state, history = [] }: JsonObject): boolean {
  return isJsonObject(state) && Array.isArray(history) && history.every(isPast);
}

function isPast(value: Json): boolean {
  if (!isJsonObject(value)) return false;
  const { offset, atMs, events } = value;
  return (
    isOffset(offset) &&
    typeof atMs === "number" &&
    Array.isArray(events) &&
    events.every((event) => isJsonObject(event))
  );
}

function isPartition({ from, inputs, sources }: JsonObject): boolean {
  const isKnown = isOffset(from) && from !== undefined && isOffset(inputs) && inputs !== undefined;
  return isKnown && isJsonObject(sources) && Object.values(sources).every(isPlace);
}

function isPlace(value: Json): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((part) => Number.isSafeInteger(part));
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
