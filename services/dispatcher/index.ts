import type { RpcMethod } from "@antiphon/definition";
import type { Running } from "@antiphon/host";
import type { Definitions } from "@antiphon/host/definitions";
import type { Log } from "@antiphon/log";
import type { Clock } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import type { Registry } from "prom-client";
import { Agent, type Dispatcher } from "undici";
import { Tokens } from "./auth/tokens.ts";
import type { DispatcherConfig } from "./config.ts";
import { dispatchPartition } from "./dispatch-partition.ts";
import type { MessageCodec } from "./kinds/rpc/messages.ts";
import { RpcClients } from "./kinds/rpc/rpc-clients.ts";
import { startAnnouncing } from "./lifecycle/announce-definitions.ts";
import { lifecycleWanted } from "./lifecycle/wanted.ts";
import type { MessageLogger } from "./log-messages.ts";
import { requestMetrics } from "./metrics.ts";
import { FunctionSettings } from "./perform/function-settings.ts";
import { Turns } from "./perform/turns.ts";

/** How long a connection is kept that nothing uses, and how long making one may take, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;

export interface DispatcherPorts {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: MessageLogger;
  readonly definitions: Pick<Definitions, "all" | "find" | "newest" | "onChange">;
  readonly metrics?: Registry;
  /** The way to services by HTTP; absent: connections of its own. */
  readonly agent?: Dispatcher;
}

/** Carries out what the history asks for, in every partition that the group hands over: relays messages, performs actions. */
export async function startDispatcher(ports: DispatcherPorts, config: DispatcherConfig): Promise<Running> {
  const { concurrency, actionTimeoutMs: timeoutMs, sink, workflows: folder } = config;
  const clients = new RpcClients();
  const agent = ports.agent ?? connections(concurrency);
  const tokens = new Tokens(agent, ports.clock);
  const isLifecycleWanted = lifecycleWanted(ports.definitions);
  const all = {
    ...ports,
    agent,
    tokens,
    settings: new FunctionSettings(),
    isLifecycleWanted,
    clients,
    codecs: new WeakMap<RpcMethod, MessageCodec>(),
    turns: new Turns(concurrency),
    timeoutMs,
    sink,
    folder,
    metrics: requestMetrics(ports.metrics),
  };
  const membership = await ports.log.join("antiphon.dispatcher", [topics.history], (owned) =>
    dispatchPartition(all, owned),
  );
  const announcing = startAnnouncing(all);
  return {
    stopped: Promise.race([membership.stopped, announcing.stopped]),
    async [Symbol.asyncDispose]() {
      await announcing[Symbol.asyncDispose]();
      await membership[Symbol.asyncDispose]();
      isLifecycleWanted[Symbol.dispose]();
      clients[Symbol.dispose]();
      tokens[Symbol.dispose]();
      await agent.destroy();
    },
  };
}

function connections(perHost: number): Agent {
  return new Agent({
    connections: perHost,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // An attempt as a whole has a time of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
}
