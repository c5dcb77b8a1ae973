import { isJsonObject, type Json, parseJson } from "@antiphon/protocol";
import type { Entity } from "./entity.ts";
import type { Landmark, LandmarksState } from "./landmarks.ts";
import type { SourcesState } from "./sources.ts";

/** What the store holds beside the entities: the fold's own bookkeeping. */
export interface Ledger extends LandmarksState {
  /** Absent: 1. A release that stores states in another form counts on. */
  readonly format?: number;
  readonly inputs: number;
  readonly sources: SourcesState;
  /** Which offset the log had reached when. */
  readonly milestones?: readonly Landmark[];
  /** All that is alive stands from this offset on. */
  readonly kept?: number;
  /** Every entity that is alive has its line in the list of those; absent: an earlier release stored this. */
  readonly hasSince?: true;
}

/** The form in which this release stores states. */
export const STORED_FORMAT = 1;

/** The store holds what cannot be read: damaged, or of a newer release. The log has all of it. */
export class UnreadableStoreError extends Error {
  override readonly name = "UnreadableStoreError";
}

/** Reads an entity as it is stored; throws `UnreadableStoreError`. */
export function readEntity<State>(key: string, value: string): Entity<State> {
  const read = readValue(key, value);
  const { state, newest = 0, since = 0, beginning = 0, restsUntilMs = 0 } = read;
  if (!isJsonObject(state) || ![newest, since, beginning, restsUntilMs].every((at) => Number.isSafeInteger(at)))
    throw unreadable(key, value);
  return read as unknown as Entity<State>;
}

/** Reads the bookkeeping; throws `UnreadableStoreError`. */
export function readLedger(key: string, value: string): Ledger {
  const read = readValue(key, value);
  const { format = 1, inputs, sources, newest, newestInput } = read;
  if (!Number.isSafeInteger(inputs) || !isJsonObject(sources) || format !== STORED_FORMAT) throw unreadable(key, value);
  if (!Object.values(sources).every(isPlace)) throw unreadable(key, value);
  for (const one of [newest, newestInput]) if (one !== undefined && !isLandmark(one)) throw unreadable(key, value);
  const { milestones = [], kept } = read;
  if (!Array.isArray(milestones) || !milestones.every(isLandmark)) throw unreadable(key, value);
  if (kept !== undefined && !Number.isSafeInteger(kept)) throw unreadable(key, value);
  return read as unknown as Ledger;
}

function isPlace(value: Json): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((part) => Number.isSafeInteger(part));
}

function isLandmark(value: Json): boolean {
  return Array.isArray(value) && value.length === 2 && Number.isSafeInteger(value[0]) && typeof value[1] === "number";
}

function readValue(key: string, value: string): { readonly [name: string]: Json } {
  let read: Json;
  try {
    read = parseJson(value);
  } catch (error) {
    throw unreadable(key, value, error);
  }
  if (!isJsonObject(read)) throw unreadable(key, value);
  return read;
}

/** The most characters of a value that an error repeats. */
const SHOWN_MAX = 80;

function unreadable(key: string, value: string, cause?: unknown): UnreadableStoreError {
  const found = JSON.stringify(value.slice(0, SHOWN_MAX));
  return new UnreadableStoreError(`${key}: expected what this release has stored, found ${found}`, { cause });
}
