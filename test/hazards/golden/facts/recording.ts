import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type JsonObject, parseJson, topics } from "@antiphon/protocol";
import type { Recorded, States } from "./world.ts";

const LOGS = join(import.meta.dirname, "logs");

/** A log with every kind of fact as a release wrote it, and what that release folded it to. */
export interface Recording {
  /** Until when it was written, epoch milliseconds. */
  readonly untilMs: number;
  /** Records in the order of each topic's only partition. */
  readonly records: readonly Recorded[];
  readonly states: States;
}

/** All that were recorded, by the file's name without its ending. */
export function recordings(): readonly { readonly name: string; readonly recording: Recording }[] {
  const files = readdirSync(LOGS).sort();
  return files.map((file) => ({
    name: file.replace(/\.json$/, ""),
    recording: JSON.parse(readFileSync(join(LOGS, file), "utf8")) as Recording,
  }));
}

/** Where a recording of this name is kept. */
export function recordingFile(name: string): string {
  return join(LOGS, `${name}.json`);
}

/** The values of a topic's records that are JSON objects. */
export function valuesOf({ records }: Recording, topic: string): readonly JsonObject[] {
  const values = records.filter((record) => record.topic === topic).map(({ value }) => parseJson(value ?? "null"));
  return values.filter(isJsonObject);
}

/** The facts of all decisions of a topic. */
export function factsOf(recording: Recording, topic: string): readonly JsonObject[] {
  return valuesOf(recording, topic).flatMap(({ events }) => events as readonly JsonObject[]);
}

/** By topic the offset from which its facts may be folded without those before: its newest checkpoint of the partition says it. */
export function startsOf(recording: Recording): Readonly<Record<string, number>> {
  const starts = [topics.history, topics.correlations].map((topic) => {
    const marks = valuesOf(recording, topic).filter(({ partition }) => partition !== undefined);
    const mark = marks.at(-1)?.["partition"] as { readonly from: number } | undefined;
    return [topic, mark?.from ?? 0] as const;
  });
  return Object.fromEntries(starts);
}
