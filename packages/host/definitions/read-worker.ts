import { parentPort } from "node:worker_threads";
import type { Bundle } from "@antiphon/definition";
import { readFiles } from "./read-files.ts";

/** The thread of `AsideReader`: says that it is there, then answers each bundle with what reading it came to. */
parentPort?.on("message", ({ bundle, env }: { readonly bundle: Bundle; readonly env: Record<string, string> }) => {
  parentPort?.postMessage(readFiles(bundle, env));
});
parentPort?.postMessage("here");
