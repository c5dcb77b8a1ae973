import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { workspaceNode } from "./node.mjs";
import { inRoot, root } from "./paths.mjs";

const LOCK_FILE = inRoot("pnpm-lock.yaml");
/** Holds the hash of the lock file that node_modules was installed from. */
const MARKER_FILE = inRoot("node_modules", ".antiphon-installed");
/** The major alone: a `packageManager` pin in package.json breaks `--frozen-lockfile`. */
const INSTALL = ["npx", "--yes", "pnpm@12", "install", "--frozen-lockfile"];

/** Installs the dependencies unless node_modules is what the lock file says. False: that failed, and what happened is printed. */
export function ensureInstalled() {
  const wanted = createHash("sha256").update(readFileSync(LOCK_FILE)).digest("hex");
  if (existsSync(MARKER_FILE) && readFileSync(MARKER_FILE, "utf8") === wanted && existsSync(workspaceNode)) return true;

  console.error("installing dependencies (once) …");
  const [command, ...args] = INSTALL;
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  if (status !== 0) return failed(`ended with ${error?.message ?? `code ${status}`}`, stdout, stderr);
  if (!existsSync(workspaceNode)) return failed(`did not bring ${workspaceNode}`, stdout, stderr);
  writeFileSync(MARKER_FILE, wanted);
  return true;
}

function failed(what, stdout, stderr) {
  console.error(`\`${INSTALL.join(" ")}\` in ${root} ${what}. Its output:\n${stdout ?? ""}${stderr ?? ""}`);
  console.error("It needs Node 20 or newer, npm, and a registry that npm can reach.");
  return false;
}
