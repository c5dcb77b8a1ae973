import type { Running } from "@antiphon/host";
import type { Definitions } from "@antiphon/host/definitions";
import type { Log } from "@antiphon/log";
import type { Clock } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import type { Registry } from "prom-client";
import { Agent } from "undici";
import type { DispatcherConfig } from "./config.ts";
import { dispatchPartition } from "./dispatch-partition.ts";
import type { MessageLogger } from "./log-messages.ts";
import { requestMetrics } from "./metrics.ts";
import { Turns } from "./perform/turns.ts";

/** How long a connection is kept that nothing uses, and how long making one may take, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;

export interface DispatcherPorts {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: MessageLogger;
  readonly definitions: Pick<Definitions, "find" | "get">;
  readonly metrics?: Registry;
}

/** Carries out what the history asks for, in every partition that the group hands over: relays messages, performs actions. */
export async function startDispatcher(ports: DispatcherPorts, config: DispatcherConfig): Promise<Running> {
  const { concurrency, actionTimeoutMs: timeoutMs } = config;
  const agent = new Agent({
    connections: concurrency,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // An attempt as a whole has a time of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
  const all = { ...ports, agent, turns: new Turns(concurrency), timeoutMs, metrics: requestMetrics(ports.metrics) };
  const membership = await ports.log.join("antiphon.dispatcher", [topics.history], (owned) =>
    dispatchPartition(all, owned),
  );
  return {
    stopped: membership.stopped,
    async [Symbol.asyncDispose]() {
      await membership[Symbol.asyncDispose]();
      await agent.destroy();
    },
  };
}
