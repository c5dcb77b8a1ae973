import type { DatabaseSync } from "node:sqlite";
import { DiskPartition } from "./disk-partition.ts";
import { DiskPositions } from "./disk-positions.ts";
import { GroupCommit } from "./group-commit.ts";
import { LocalLog, type Medium } from "./local-log.ts";
import { MemoryPartition } from "./memory-partition.ts";
import { openDatabase } from "./open-database.ts";
import type { Log, TopicSpec } from "./port.ts";
import { Tables } from "./sqlite-tables.ts";
import { Upkeep } from "./upkeep.ts";

/** What an ephemeral topic keeps of each partition at most. */
export const EPHEMERAL_LIMITS = { records: 10_000, units: 16_000_000 };

export interface EmbeddedLogOptions {
  /** The time that records get, in epoch milliseconds. */
  readonly now?: () => number;
  /** At least 0 and below 1: chooses the partition of messages that have no key. */
  readonly random?: () => number;
  /** How often old records are looked for, in milliseconds. */
  readonly upkeepIntervalMs?: number;
}

/**
 * A log in a folder, for one process: durable (an answer means that the disk has it) and without a broker.
 * Throws if another process has the folder's log open.
 */
export function embeddedLog(
  folder: string,
  { now = Date.now, random = Math.random, upkeepIntervalMs = 60_000 }: EmbeddedLogOptions = {},
): Log {
  return new LocalLog(new DiskMedium(openDatabase(folder), now, upkeepIntervalMs), random);
}

class DiskMedium implements Medium {
  readonly topics = new Map<string, readonly (DiskPartition | MemoryPartition)[]>();
  readonly positions: DiskPositions;
  readonly #db: DatabaseSync;
  readonly #tables: Tables;
  readonly #commit: GroupCommit;
  readonly #now: () => number;
  readonly #upkeep: Upkeep;

  constructor(db: DatabaseSync, now: () => number, upkeepIntervalMs: number) {
    this.#db = db;
    this.#now = now;
    this.#tables = new Tables(db);
    this.#commit = new GroupCommit(this.#tables, now, () => this.positions.write());
    this.positions = new DiskPositions(this.#tables, () => this.#commit.flush());
    this.#upkeep = new Upkeep(this.#tables, now, upkeepIntervalMs);
    this.#open();
  }

  put(specs: readonly TopicSpec[]): void {
    this.#tables.transaction(() => {
      for (const spec of specs) this.#tables.putTopic(spec);
    });
    this.#open();
  }

  async close(): Promise<void> {
    await this.#upkeep[Symbol.asyncDispose]();
    this.#commit.flush();
    this.#db.close();
  }

  #open(): void {
    for (const { id, name, partitions, retention, ephemeral } of this.#tables.topics()) {
      const places =
        this.topics.get(name) ??
        Array.from({ length: partitions }, (_, partition) =>
          ephemeral
            ? new MemoryPartition(EPHEMERAL_LIMITS, this.#now)
            : new DiskPartition(this.#tables, this.#commit, id, partition),
        );
      this.topics.set(name, places);
      this.#upkeep.watch(places, retention);
    }
  }
}
