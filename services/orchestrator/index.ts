import type { CallbackTokens, Running } from "@antiphon/host";
import type { Definitions } from "@antiphon/host/definitions";
import { type Ports, processPartition } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import { slowestReader } from "@antiphon/views";
import type { OrchestratorConfig } from "./config.ts";
import { instanceDomain } from "./instance-domain.ts";
import { type DecisionLogger, tellDecisions } from "./tell-decisions.ts";

/** How long a callback URL is good for. Its wait may end earlier: then it is answered with 410. */
const CALLBACK_MS = 400 * 24 * 3_600_000;

export interface OrchestratorPorts extends Ports {
  readonly logger: DecisionLogger;
  readonly definitions: Definitions;
  readonly callbackTokens: Pick<CallbackTokens, "issue">;
  /** As the domain takes it. */
  readonly sliceSteps?: number;
}

/** Turns commands into history, in every partition that the group hands over, and fires timers. */
export async function startOrchestrator(ports: OrchestratorPorts, config: OrchestratorConfig): Promise<Running> {
  const { log, logger, clock, definitions, callbackTokens, sliceSteps } = ports;
  const { publicUrl, logRetention, retention } = config;
  const keeping = {
    logMs: logRetention,
    endedMs: retention,
    slowestReader: (partition: number) => slowestReader(ports, "antiphon.dispatcher", topics.history, partition),
  };
  const domain = instanceDomain({
    definitions,
    ...(sliceSteps !== undefined && { sliceSteps }),
    appended: tellDecisions(logger, clock),
    callbackUrl: (instance, wait, nowMs) =>
      `${publicUrl}/callbacks/${callbackTokens.issue(instance, wait, nowMs + CALLBACK_MS)}`,
  });
  return await log.join("antiphon.orchestrator", [topics.commands], ({ partition, signal }) =>
    processPartition(domain, ports, partition, signal, keeping),
  );
}
