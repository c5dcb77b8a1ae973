import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Log, type Message, memoryLog } from "@antiphon/log";
import { topicLayout, topics } from "@antiphon/protocol";
import type { Client } from "../../support/client.ts";

const LOGS = join(import.meta.dirname, "logs");
/** What the recorded instances were made from. */
export const DEFINITIONS = join(import.meta.dirname, "definitions");
const READ_MAX = 1_000;

/** A log as a release left it behind, and what that release said of it. */
export interface Golden {
  /** Records in the order of each topic's only partition. */
  readonly records: readonly Pick<Message, "topic" | "key" | "value">[];
  readonly instances: readonly unknown[];
  /** By the id of an event: its disposition. */
  readonly events: Readonly<Record<string, unknown>>;
}

/** All that were recorded, by the file's name without its ending. */
export function goldenLogs(): readonly { readonly name: string; readonly golden: Golden }[] {
  const files = readdirSync(LOGS).sort();
  return files.map((file) => ({
    name: file.replace(/\.json$/, ""),
    golden: JSON.parse(readFileSync(join(LOGS, file), "utf8")) as Golden,
  }));
}

/** Where a recording of this name is kept. */
export function goldenFile(name: string): string {
  return join(LOGS, `${name}.json`);
}

/** A log that holds what was recorded, at the offsets that it had. */
export async function openGolden({ records }: Golden): Promise<Log> {
  const log = memoryLog();
  // Facts as well are published here, as they were decided long ago: a log only refuses that where it knows of them.
  await log.ensureTopics(topicLayout(1).map(({ factual: _, ...spec }) => spec));
  await log.publish(records.map((record) => ({ ...record, partition: 0 })));
  return log;
}

/** Everything in a log that a release would find at its start. */
export async function recordsOf(log: Log): Promise<Golden["records"]> {
  const kept = topicLayout(1).filter(({ name }) => name !== topics.replies);
  const records: Pick<Message, "topic" | "key" | "value">[] = [];
  for (const { name: topic } of kept) {
    for (let from = 0, end = 1; from < end; ) {
      const batch = await log.read(topic, 0, from, READ_MAX);
      ({ next: from, end } = batch);
      records.push(...batch.records.map(({ key, value }) => ({ topic, key, value })));
    }
  }
  return records;
}

/** What a release says of all instances and events that it has. */
export async function shownBy(client: Client): Promise<Pick<Golden, "instances" | "events">> {
  const [listed, events] = await Promise.all(["/v1/instances", "/v1/events"].map((path) => itemsAt(client, path)));
  const instances = await Promise.all((listed ?? []).map(({ id }) => client.instance(`${id}`)));
  const shown = instances.map((instance) => {
    const { id, workflow, status, state, data, error, waits, startedAt, endedAt } = { ...instance } as Member;
    return { id, workflow, status, state, data, error, waits, startedAt, endedAt };
  });
  const byId = shown.toSorted((a, b) => `${a.id}`.localeCompare(`${b.id}`));
  return {
    instances: JSON.parse(JSON.stringify(byId)) as readonly unknown[],
    events: Object.fromEntries((events ?? []).map(({ id, disposition }) => [`${id}`, disposition])),
  };
}

type Member = Readonly<Record<string, unknown>>;

async function itemsAt(client: Client, path: string): Promise<readonly Member[]> {
  const { status, text, body } = await client.send("GET", `${path}?limit=100`);
  if (status !== 200) throw new Error(`GET ${path}: expected 200, found ${status} ${text}`);
  return (body as { readonly items: readonly Member[] }).items;
}
