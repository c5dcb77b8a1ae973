import { callbackSecrets, callbackTokens, openPorts, runService } from "@antiphon/host";
import { followDefinitions } from "@antiphon/host/definitions";
import { orchestratorSettings } from "./config.ts";
import { startOrchestrator } from "./index.ts";

await runService("orchestrator", orchestratorSettings, async (context) => {
  const { config, logger } = context;
  await using stack = new AsyncDisposableStack();
  const ports = stack.use(await openPorts(config, context));
  const definitions = stack.use(followDefinitions({ ...ports, health: context.health }));
  await definitions.ready;
  const tokens = callbackTokens(await callbackSecrets(config, logger));
  const service = stack.use(
    await startOrchestrator({ ...ports, health: context.health, definitions, callbackTokens: tokens }, config),
  );
  const all = stack.move();
  return { stopped: service.stopped ?? new Promise(() => {}), [Symbol.asyncDispose]: () => all.disposeAsync() };
});
