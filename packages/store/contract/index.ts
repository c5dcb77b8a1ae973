export type { CommitFate, Disturbance, Harness, OpenHarness } from "./harness.ts";
export { type LossyStore, lossyStore } from "./lossy-store.ts";
export { storeContract } from "./store-contract.ts";
