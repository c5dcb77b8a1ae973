import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { inRoot, root } from "./paths.mjs";

const FOLDERS = ["packages", "services", "examples", "test"];
/** Tests that start processes, brokers or servers, so that each file gets a process of its own. The rest share one. */
const SYSTEM = [
  /^test\/(?!architecture\.test\.ts$)/,
  /^packages\/(log-kafka|store-redis)\//,
  /\.(kafka|redis|system)\.test\.ts$/,
];

/** All test files whose path contains one of `parts` (or all, if there are none), as paths from the root, sorted. */
export function findTests(parts) {
  const files = FOLDERS.flatMap((folder) => [...walk(inRoot(folder))])
    .map((file) => relative(root, file).split(sep).join("/"))
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
    .sort();
  const isSystem = (file) => SYSTEM.some((pattern) => pattern.test(file));
  return { unit: files.filter((file) => !isSystem(file)), system: files.filter(isSystem) };
}

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "node_modules") continue;
    if (entry.isDirectory()) yield* walk(join(folder, entry.name));
    else if (entry.name.endsWith(".test.ts")) yield join(folder, entry.name);
  }
}
