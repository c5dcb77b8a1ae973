import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const FILE_NAME = "log.sqlite";

/** Large pages: a record is mostly text of some kilobytes, and one that fits into its page costs one write. */
const PAGE_BYTES = 16_384;

/**
 * Opens the database in a folder for this process alone, and makes both if they are missing.
 * Throws if another process, or another log of this one, has it open.
 */
export function openDatabase(folder: string): DatabaseSync {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, FILE_NAME);
  forOwnerOnly(file);
  const db = new DatabaseSync(file);
  try {
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
    // Held from the first transaction on until the process ends, however it ends.
    db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    db.exec("BEGIN IMMEDIATE; COMMIT");
    return db;
  } catch (error) {
    db.close();
    if (!isLocked(error)) throw error;
    throw new Error(`the log in ${folder} is in use: one process at a time may have it open`, { cause: error });
  }
}

/**
 * Makes the file if it is missing; what SQLite puts beside it has the same mode. One that is there is not opened: to close
 * it again would give up the locks that this process has on it.
 */
function forOwnerOnly(file: string): void {
  if (existsSync(file)) chmodSync(file, OWNER_ONLY);
  else closeSync(openSync(file, "wx", OWNER_ONLY));
}

const OWNER_ONLY = 0o600;
const SQLITE_BUSY = 5;

function isLocked(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}
