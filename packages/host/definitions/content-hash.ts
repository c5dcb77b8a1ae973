import { createHash } from "node:crypto";
import type { Bundle } from "@antiphon/definition";

/** The SHA-256, in hex, of a bundle: the same for the same files, in whatever order they were read. */
export function contentHash({ path, files }: Bundle): string {
  const sorted = Object.keys(files)
    .sort()
    .map((name) => [name, files[name]]);
  return createHash("sha256")
    .update(JSON.stringify([path, sorted]))
    .digest("hex");
}
