import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { delimiter } from "node:path";
import { inRoot, root } from "./paths.mjs";

const NODE_MAJOR = 24;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
/** From here on an exit code names a signal, as shells have it. */
export const SIGNALLED = 128;

const isCurrent = Number.parseInt(process.versions.node, 10) >= NODE_MAJOR;
const installed = inRoot("node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** The Node that runs the product: this one if it is new enough, else the one among the dependencies. */
export const workspaceNode = isCurrent ? process.execPath : installed;

/** What a child gets: the workspace's tools first on the path, and compiled code kept for the next start. */
export const environment = {
  ...process.env,
  PATH: inRoot("node_modules", ".bin") + delimiter + process.env.PATH,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? inRoot(".cache", "compile"),
};

/**
 * Runs Node with these arguments in the repository's folder until it ends; answers with its exit code.
 * Signals are handed on to it, but for a Ctrl-C: that a terminal sends to both, and a second one means "at once". If it
 * ends badly after a signal, the code names that signal.
 */
export async function runToEnd(args) {
  const child = spawn(workspaceNode, args, { cwd: root, env: environment, stdio: "inherit" });
  let received;
  const forward = (signal) => {
    received = signal;
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  const [code, endedBy] = await once(child, "exit");
  for (const signal of SIGNALS) process.off(signal, forward);
  const signal = endedBy ?? received;
  return code === 0 || signal === undefined ? code : SIGNALLED + constants.signals[signal];
}
