import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, type Environment, presentIn } from "../read-config.ts";

/** Names what definitions may read of the environment; the settings have it as well. */
const VARIABLE = "ANTIPHON_SECRETS";

/** How many files a folder of secrets may have, and how many bytes each of them. */
export const SECRET_FILES_MAX = 1_000;
export const SECRET_BYTES_MAX = 64 * 1024;

/**
 * The environment as definitions are read with it. A folder among `ANTIPHON_SECRETS` has a file for each secret, named
 * like it: they come along as variables would, without the line break at their end, and are named in the folder's place.
 * Throws `ConfigError` if a folder cannot be read.
 */
export function readableEnvironment(env: Environment): Readonly<Record<string, string>> {
  const present = presentIn(env);
  const entries = (present[VARIABLE] ?? "").split(",").map((entry) => entry.trim());
  const folders = entries.filter(isFolder);
  if (folders.length === 0) return present;
  const files = Object.assign({}, ...folders.map(secretsIn)) as Readonly<Record<string, string>>;
  const named = [...entries.filter((entry) => !isFolder(entry)), ...Object.keys(files)];
  // A folder that is empty names nothing, which is not the same as that nothing is said.
  return { ...present, ...files, [VARIABLE]: named.join(",") || "none" };
}

function isFolder(entry: string): boolean {
  return entry.includes("/");
}

function secretsIn(folder: string): Readonly<Record<string, string>> {
  try {
    // What Kubernetes mounts has links to hidden folders beside the files.
    const names = readdirSync(folder).filter((name) => !name.startsWith(".") && !name.includes(","));
    if (names.length > SECRET_FILES_MAX) throw wrong(folder, `more than ${SECRET_FILES_MAX} files`);
    const files = names
      .map((name) => ({ name, path: join(folder, name) }))
      .filter(({ path }) => statSync(path).isFile());
    return Object.fromEntries(files.map(({ name, path }) => [name, secretIn(path)]));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw wrong(folder, (error as Error).message);
  }
}

function secretIn(path: string): string {
  const { size } = statSync(path);
  if (size > SECRET_BYTES_MAX) throw wrong(path, `${size} bytes`);
  return readFileSync(path, "utf8").replace(/\r?\n$/, "");
}

function wrong(place: string, found: string): ConfigError {
  const expected = `a readable folder of at most ${SECRET_FILES_MAX} files of ${SECRET_BYTES_MAX} bytes`;
  return new ConfigError([{ variable: VARIABLE, expected, found: `"${place}": ${found}` }]);
}
