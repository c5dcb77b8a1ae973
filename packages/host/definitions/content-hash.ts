import { createHash } from "node:crypto";
import { type Bundle, takeApart } from "@antiphon/definition";

/**
 * The SHA-256, in hex, of what an instance is pinned to: a bundle without its configuration. The same for the same files,
 * in whatever order they were read.
 */
export function contentHash(bundle: Bundle): string {
  return hashOfAll(takeApart(bundle).content);
}

/** The same of all files. Earlier releases pinned instances by it, when bundles had their configuration in them. */
export function hashOfAll({ path, files }: Bundle): string {
  const sorted = Object.keys(files)
    .sort()
    .map((name) => [name, files[name]]);
  return createHash("sha256")
    .update(JSON.stringify([path, sorted]))
    .digest("hex");
}
