export type { CommitFate, Disturbance, Harness, OpenHarness } from "./harness.ts";
export type { LossyStore } from "./lossy-store.ts";
export { storeContract } from "./store-contract.ts";
