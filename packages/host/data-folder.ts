import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "./read-config.ts";

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY = 0o600;
/** What must fit onto the disk for a process to be ready: the least that a busy log writes at once. */
const ROOM_BYTES = 65_536;

/** Makes the data folder if it is missing, for its owner alone. Throws a `ConfigError` if there can be none, or it cannot be written. */
export function makeDataFolder(data: string): void {
  try {
    mkdirSync(data, { recursive: true, mode: OWNER_ONLY_FOLDER });
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const found = `${JSON.stringify(data)}, which ${whyNot(data, error as NodeJS.ErrnoException)}`;
    throw new ConfigError([{ variable: "ANTIPHON_DATA", expected: "a folder that can be written", found }]);
  }
}

/** Throws if the disk has no room for what a log would write next. */
export async function assertRoom(data: string): Promise<void> {
  const path = join(data, `probe-${process.pid}`);
  try {
    await writeFile(path, Buffer.alloc(ROOM_BYTES), { mode: OWNER_ONLY });
  } catch (error) {
    throw new Error(`the data folder cannot be written: ${(error as Error).message}`, { cause: error });
  } finally {
    await rm(path, { force: true });
  }
}

function whyNot(data: string, { code, message }: NodeJS.ErrnoException): string {
  const isFile = statSync(data, { throwIfNoEntry: false })?.isFile() ?? false;
  if (isFile) return "is a file";
  if (code === "ENOTDIR") return "lies below a file";
  return `cannot be used (${message})`;
}
