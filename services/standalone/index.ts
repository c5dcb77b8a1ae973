import { type CorrelatorPorts, startCorrelator } from "@antiphon/correlator";
import { type DispatcherPorts, startDispatcher } from "@antiphon/dispatcher";
import { type GatewayPorts, startGateway } from "@antiphon/gateway";
import type { Running } from "@antiphon/host";
import { type OrchestratorPorts, startOrchestrator } from "@antiphon/orchestrator";
import { type ProjectorPorts, startProjector } from "@antiphon/projector";
import type { StandaloneConfig } from "./config.ts";

export type StandalonePorts = GatewayPorts & OrchestratorPorts & DispatcherPorts & CorrelatorPorts & ProjectorPorts;

/**
 * All services in this process, on the same ports. The gateway ends first, because those whose answers its requests wait
 * for must still run while it drains; then the others, in the opposite order.
 */
export async function startAll(
  ports: StandalonePorts,
  config: StandaloneConfig,
): Promise<Running & { readonly url: string; readonly stopped: Promise<unknown> }> {
  await using stack = new AsyncDisposableStack();
  const gateway = stack.use(await startGateway(ports, config));
  const services = [
    stack.use(await startOrchestrator(ports, { ...config, publicUrl: config.publicUrl ?? gateway.url })),
    stack.use(await startDispatcher(ports, config)),
    stack.use(await startCorrelator(ports, config)),
    stack.use(await startProjector(ports, config)),
  ];
  // It is there twice, for a start that fails, and for the stop. A second disposal does nothing.
  stack.use(gateway);
  const all = stack.move();
  const stopped = Promise.race([gateway, ...services].map((service) => service.stopped ?? new Promise(() => {})));
  return { url: gateway.url, stopped, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
