export type { Fault, FaultyClient, Harness, Open } from "./harness.ts";
export { logContract, type Options } from "./log-contract.ts";
export { retryingClient } from "./retrying-client.ts";
