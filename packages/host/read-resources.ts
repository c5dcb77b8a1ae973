import { isUtf8 } from "node:buffer";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "./read-config.ts";

/** Names the folder; the command line sets it as well. */
const WORKFLOWS_VARIABLE = "ANTIPHON_WORKFLOWS";

/** The largest file that is read, the most files, and the deepest folder. */
export const RESOURCE_BYTES_MAX = 4_000_000;
export const RESOURCES_MAX = 10_000;
export const RESOURCE_DEPTH_MAX = 16;

/**
 * Reads a folder of definitions and what they refer to: texts by path relative to it, `/` between folders, in the order
 * of their paths. Left out: hidden folders, hidden files that are no workflows, `node_modules`, TypeScript that is not in a
 * folder `functions`, files over `RESOURCE_BYTES_MAX`, files that are no text. Throws if it is no readable folder, is
 * a whole project of Java's, or holds more than `RESOURCES_MAX` files.
 */
export async function readResources(folder: string): Promise<ReadonlyMap<string, string>> {
  const resources = join(folder, "src", "main", "resources");
  const isProject = await stat(resources).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isProject) throw notThis(folder, `a project, whose definitions are in ${JSON.stringify(resources)}`);
  const paths: string[] = [];
  await collect(folder, "", 0, paths);
  const texts = new Map<string, string>();
  for (const path of paths.sort()) {
    const text = await readText(join(folder, path));
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

async function collect(root: string, within: string, depth: number, paths: string[]): Promise<void> {
  const folder = join(root, within);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw notThis(
      folder,
      error.code === "ENOENT" ? "nothing there" : error.code === "ENOTDIR" ? "a file" : error.message,
    );
  });
  for (const entry of entries) {
    const path = within === "" ? entry.name : `${within}/${entry.name}`;
    if (entry.isDirectory()) {
      const isLeftOut = entry.name.startsWith(".") || entry.name === "node_modules";
      if (!isLeftOut && depth < RESOURCE_DEPTH_MAX) await collect(root, path, depth + 1, paths);
    } else if (isResource(entry.name, within)) {
      paths.push(path);
    }
    if (paths.length > RESOURCES_MAX) {
      throw new Error(`${root}: expected at most ${RESOURCES_MAX} files of definitions, found more`);
    }
  }
}

function notThis(folder: string, found: string): ConfigError {
  const expected = "a readable folder of definitions";
  return new ConfigError([{ variable: WORKFLOWS_VARIABLE, expected, found: `"${folder}": ${found}` }]);
}

/** Whether a hidden workflow counts is for its configuration to say. */
function isResource(name: string, folder: string): boolean {
  if (name.startsWith(".")) return /\.sw\.(?:json|ya?ml)$/.test(name);
  return !/\.m?ts$/.test(name) || (/(?:^|\/)functions(?:$|\/)/.test(folder) && !/\.(?:d|test)\.m?ts$/.test(name));
}

/** Links to files are followed, as Kubernetes mounts every file of a ConfigMap as one; links to folders are not. */
async function readText(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size > RESOURCE_BYTES_MAX) return undefined;
  const bytes = await readFile(path);
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}
