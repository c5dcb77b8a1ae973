import { join } from "node:path";

/** The repository's folder. */
export const root = join(import.meta.dirname, "..");

/** A path in the repository. */
export const inRoot = (...parts) => join(root, ...parts);
