import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Harness, logContract, retryingClient } from "./contract/index.ts";
import { embeddedLog } from "./embedded-log.ts";

async function open(): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), "log-"));
  let log = embeddedLog(folder);
  return {
    connect: async () => log,
    connectFaulty: async () => retryingClient(log),
    restart: async () => {
      await log[Symbol.asyncDispose]();
      log = embeddedLog(folder);
    },
    [Symbol.asyncDispose]: async () => {
      await log[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

logContract("embedded log", open);
