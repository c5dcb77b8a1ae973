export { type EmbeddedStoreOptions, embeddedStore } from "./embedded-store.ts";
export { StoreUnavailableError } from "./errors.ts";
export type { StoreLogger } from "./logger.ts";
export { type MemoryStore, memoryStore } from "./memory-store.ts";
export type { Commit, IndexEntry, Loaded, Range, Space, Store } from "./port.ts";
