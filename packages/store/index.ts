export { StoreUnavailableError } from "./errors.ts";
export type { Commit, IndexEntry, Loaded, Range, Space, Store } from "./port.ts";
