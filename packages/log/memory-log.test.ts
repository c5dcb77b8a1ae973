import { type Harness, logContract, retryingClient } from "./contract/index.ts";
import { memoryLog } from "./memory-log.ts";

/** Clients in one process share the log itself. */
async function open(): Promise<Harness> {
  const log = memoryLog();
  return {
    connect: async () => log,
    connectFaulty: async () => retryingClient(log),
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
}

logContract("memory log", open, { durable: false });
