import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "..", "..", ".cache", "chaos");

/** Keeps what the processes of a run have printed; gives the name of the file. */
export function writeLogs(kind: string, seed: number, logs: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${kind}-${seed}.log`);
  writeFileSync(file, logs);
  return file;
}
