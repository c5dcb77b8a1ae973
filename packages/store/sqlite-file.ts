import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StoreLogger } from "./logger.ts";

/** Data of workflows is for nobody else to read. */
const OWNER_ONLY = 0o600;
const FILE_NAME = "store.sqlite";
/** Counted up when the tables change: a file of another version is folded again, never migrated. */
const SCHEMA_VERSION = 1;
/** Values are about 1 KB: large pages halve the cost of writing a hundred of them, and of reading them back. */
const PAGE_BYTES = 16_384;
/** How far the write-ahead log may grow before it is copied into the file; 16 MB pause a commit for some 20 ms. */
const CHECKPOINT_BYTES = 16_000_000;

const SCHEMA = `
  CREATE TABLE spaces (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, position INTEGER) STRICT;
  CREATE TABLE held (space INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (space, key)) STRICT;
  CREATE TABLE lists (space INTEGER NOT NULL, list TEXT NOT NULL, entry TEXT NOT NULL,
    PRIMARY KEY (space, list, entry)) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/**
 * Opens the store's file in a folder, for this process alone: the lock is SQLite's own and ends with the process.
 * A file that is torn, unreadable or of another version is reported and started afresh, for the log holds all of it.
 * Throws when another process has it, or when the folder cannot be written.
 */
export function openFile(folder: string, cacheBytes: number, logger: StoreLogger | undefined): DatabaseSync {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, FILE_NAME);
  try {
    return opened(file, cacheBytes);
  } catch (error) {
    if (hasCode(error, SQLITE_BUSY)) {
      throw new Error(`${file} is in use by another process or store; expected one per folder`, { cause: error });
    }
    if (!isDamage(error)) throw error;
    logger?.warn({ file, reason: error.message }, "the embedded store cannot be read; it starts afresh");
    for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(file + suffix, { force: true });
    return opened(file, cacheBytes);
  }
}

/** The file is not what was written to it: not this call but the whole file is at fault. */
export function isDamage(error: unknown): error is Error {
  return error instanceof DamagedFileError || hasCode(error, SQLITE_CORRUPT, SQLITE_NOTADB);
}

/** The disk refused: it is full, read-only or failing. Nothing of the call was kept. */
export function isRefusal(error: unknown): error is Error {
  return hasCode(error, SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN);
}

class DamagedFileError extends Error {}

function opened(file: string, cacheBytes: number): DatabaseSync {
  // What SQLite puts beside a file has its mode. To open and close one that is there would give up the locks on it.
  if (existsSync(file)) chmodSync(file, OWNER_ONLY);
  else closeSync(openSync(file, "wx", OWNER_ONLY));
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_BYTES / PAGE_BYTES};
      PRAGMA cache_size = ${Math.ceil(cacheBytes / PAGE_BYTES)}`);
    database.exec("BEGIN IMMEDIATE; COMMIT");
    const version = readNumber(database, "user_version");
    if (version === 0 && readNumber(database, "schema_version") === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT`);
    else if (version !== SCHEMA_VERSION) {
      throw new DamagedFileError(`expected schema version ${SCHEMA_VERSION}, found ${version}`);
    }
    const found = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
    if (found !== "ok") throw new DamagedFileError(`expected quick_check to say "ok", found "${found}"`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function readNumber(database: DatabaseSync, pragma: "user_version" | "schema_version"): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

function hasCode(error: unknown, ...codes: readonly number[]): error is Error {
  // Extended result codes keep the primary code in their lowest byte.
  return error instanceof Error && "errcode" in error && codes.includes(Number(error.errcode) & 0xff);
}
