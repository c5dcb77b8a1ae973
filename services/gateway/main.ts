import { callbackSecrets, callbackTokens, openPorts, runService } from "@antiphon/host";
import { deployFolder, followDefinitions } from "@antiphon/host/definitions";
import { gatewaySettings } from "./config.ts";
import { startGateway } from "./index.ts";

await runService("gateway", gatewaySettings, async (context) => {
  const { config, logger, health, metrics } = context;
  await using stack = new AsyncDisposableStack();
  const opened = stack.use(await openPorts(config, context));
  const definitions = stack.use(followDefinitions({ ...opened, health }));
  await definitions.ready;
  const tokens = callbackTokens(await callbackSecrets(config, logger));
  const ports = { ...opened, definitions, callbackTokens: tokens, health, metrics };
  await deployFolder(ports, config.workflows);
  const gateway = stack.use(await startGateway(ports, config));
  const all = stack.move();
  return { stopped: gateway.stopped, [Symbol.asyncDispose]: () => all.disposeAsync() };
});
