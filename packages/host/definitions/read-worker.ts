import { parentPort } from "node:worker_threads";
import type { Bundle } from "@antiphon/definition";
import { formatJson, type Json } from "@antiphon/protocol";
import { readFiles } from "./read-files.ts";

/** The thread of `AsideReader`: says that it is there, then answers each bundle with what reading it came to. */
parentPort?.on("message", ({ bundle, env }: { readonly bundle: Bundle; readonly env: Record<string, string> }) => {
  // As text: numbers that JavaScript's own cannot hold are no values that threads could hand to each other.
  parentPort?.postMessage(formatJson(readFiles(bundle, env) as unknown as Json));
});
parentPort?.postMessage("here");
