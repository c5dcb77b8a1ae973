import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { Committed, Fact, LogRecord, TopicSpec } from "./port.ts";

const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE topics (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL, retention TEXT NOT NULL,
    ephemeral INTEGER NOT NULL
  );
  CREATE TABLE records (
    topic INTEGER, partition INTEGER, offset INTEGER, timestamp_ms INTEGER NOT NULL, key TEXT, value TEXT, headers TEXT,
    PRIMARY KEY (topic, partition, offset)
  ) WITHOUT ROWID;
  CREATE TABLE bounds (
    topic INTEGER, partition INTEGER, start INTEGER NOT NULL, "end" INTEGER NOT NULL, PRIMARY KEY (topic, partition)
  ) WITHOUT ROWID;
  CREATE TABLE positions (
    "group" TEXT, topic TEXT, partition INTEGER, offset INTEGER NOT NULL, note TEXT NOT NULL,
    PRIMARY KEY ("group", topic, partition)
  ) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** A topic as the database knows it. */
export interface StoredTopic extends TopicSpec {
  readonly id: number;
}

/** A group's position as the database knows it. */
export interface StoredPosition extends Committed {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

type Row = Record<string, SQLOutputValue>;

/** The tables of the embedded log: one prepared statement for everything that is asked of them. */
export class Tables {
  readonly #db: DatabaseSync;
  readonly #statements: ReturnType<typeof prepare>;

  /** Makes the tables if they are missing; throws if they are of another version of this program. */
  constructor(db: DatabaseSync) {
    this.#db = db;
    const version = db.prepare("PRAGMA user_version").get()?.["user_version"];
    if (version === 0) this.transaction(() => db.exec(SCHEMA));
    else if (version !== SCHEMA_VERSION) {
      throw new Error(`the log on disk has version ${version}, expected ${SCHEMA_VERSION}`);
    }
    this.#statements = prepare(db);
  }

  /** Does all of `work` or none of it, and returns when it is on disk. */
  transaction(work: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#db.exec("COMMIT");
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  topics(): StoredTopic[] {
    return this.#statements.topics.all().map((row) => ({
      id: Number(row["id"]),
      name: String(row["name"]),
      partitions: Number(row["partitions"]),
      retention: retentionOf(String(row["retention"])),
      ...(row["ephemeral"] === 1 ? { ephemeral: true } : {}),
    }));
  }

  /** Adds a topic, or changes how long the records of an old one are kept. */
  putTopic({ name, partitions, retention, ephemeral }: TopicSpec): void {
    this.#statements.putTopic.run(name, partitions, String(retention), ephemeral === true ? 1 : 0);
  }

  insert(topic: number, partition: number, offset: number, timestampMs: number, record: LogRecord): void {
    const headers = record.headers === undefined ? null : JSON.stringify(record.headers);
    this.#statements.insert.run(topic, partition, offset, timestampMs, record.key, record.value, headers);
  }

  /** Facts from an offset on, until there are `max` of them or they hold `unitsMax` UTF-16 units of text. */
  read(topic: number, partition: number, from: number, max: number, unitsMax: number): Fact[] {
    const facts: Fact[] = [];
    let units = 0;
    for (const row of this.#statements.read.iterate(topic, partition, from, max)) {
      const fact = factOfRow(row);
      facts.push(fact);
      units += (fact.key?.length ?? 0) + (fact.value?.length ?? 0);
      if (units >= unitsMax) break;
    }
    return facts;
  }

  bounds(topic: number, partition: number): { start: number; end: number } {
    const kept = this.#statements.bounds.get(topic, partition);
    const last = this.#statements.last.get(topic, partition)?.["offset"];
    const end = Math.max(Number(kept?.["end"] ?? 0), typeof last === "number" ? last + 1 : 0);
    return { start: Number(kept?.["start"] ?? 0), end };
  }

  putBounds(topic: number, partition: number, start: number, end: number): void {
    this.#statements.putBounds.run(topic, partition, start, end);
  }

  /** The first `max` offsets with their times, from the oldest on. */
  oldest(topic: number, partition: number, from: number, max: number): { offset: number; timestampMs: number }[] {
    return this.#statements.oldest
      .all(topic, partition, from, max)
      .map((row) => ({ offset: Number(row["offset"]), timestampMs: Number(row["timestamp_ms"]) }));
  }

  /** The last `max` offsets below a bound with their keys, from the newest on. */
  newestKeys(topic: number, partition: number, below: number, max: number): { offset: number; key: string | null }[] {
    return this.#statements.newestKeys
      .all(topic, partition, below, max)
      .map((row) => ({ offset: Number(row["offset"]), key: textOf(row, "key") }));
  }

  deleteBelow(topic: number, partition: number, offset: number): void {
    this.#statements.deleteBelow.run(topic, partition, offset);
  }

  deleteOne(topic: number, partition: number, offset: number): void {
    this.#statements.deleteOne.run(topic, partition, offset);
  }

  positions(): StoredPosition[] {
    return this.#statements.positions.all().map((row) => ({
      group: String(row["group"]),
      topic: String(row["topic"]),
      partition: Number(row["partition"]),
      offset: Number(row["offset"]),
      note: String(row["note"]),
    }));
  }

  putPosition({ group, topic, partition, offset, note }: StoredPosition): void {
    this.#statements.putPosition.run(group, topic, partition, offset, note);
  }
}

function prepare(db: DatabaseSync) {
  const place = "topic = ? AND partition = ?";
  return {
    topics: db.prepare("SELECT id, name, partitions, retention, ephemeral FROM topics"),
    putTopic: db.prepare(
      `INSERT INTO topics (name, partitions, retention, ephemeral) VALUES (?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET retention = excluded.retention, ephemeral = excluded.ephemeral`,
    ),
    insert: db.prepare("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)"),
    read: db.prepare(
      `SELECT offset, timestamp_ms, key, value, headers FROM records WHERE ${place} AND offset >= ? ORDER BY offset LIMIT ?`,
    ),
    last: db.prepare(`SELECT offset FROM records WHERE ${place} ORDER BY offset DESC LIMIT 1`),
    bounds: db.prepare(`SELECT start, "end" FROM bounds WHERE ${place}`),
    putBounds: db.prepare("INSERT OR REPLACE INTO bounds VALUES (?, ?, ?, ?)"),
    oldest: db.prepare(
      `SELECT offset, timestamp_ms FROM records WHERE ${place} AND offset >= ? ORDER BY offset LIMIT ?`,
    ),
    newestKeys: db.prepare(
      `SELECT offset, key FROM records WHERE ${place} AND offset < ? ORDER BY offset DESC LIMIT ?`,
    ),
    deleteBelow: db.prepare(`DELETE FROM records WHERE ${place} AND offset < ?`),
    deleteOne: db.prepare(`DELETE FROM records WHERE ${place} AND offset = ?`),
    positions: db.prepare(`SELECT "group", topic, partition, offset, note FROM positions`),
    putPosition: db.prepare("INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?)"),
  };
}

function factOfRow(row: Row): Fact {
  const offset = Number(row["offset"]);
  const timestampMs = Number(row["timestamp_ms"]);
  const headers = textOf(row, "headers");
  const fact = { offset, timestampMs, key: textOf(row, "key"), value: textOf(row, "value") };
  // The column is written by `insert` alone, from a record's headers.
  return headers === null ? fact : { ...fact, headers: JSON.parse(headers) as Record<string, string> };
}

function textOf(row: Row, column: string): string | null {
  const value = row[column];
  return typeof value === "string" ? value : null;
}

function retentionOf(text: string): TopicSpec["retention"] {
  return text === "compact" || text === "forever" ? text : Number(text);
}
