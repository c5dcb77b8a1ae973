import { openPorts, runService } from "@antiphon/host";
import { followDefinitions } from "@antiphon/host/definitions";
import { dispatcherSettings } from "./config.ts";
import { startDispatcher } from "./index.ts";

await runService("dispatcher", dispatcherSettings, async (context) => {
  const { config, metrics } = context;
  await using stack = new AsyncDisposableStack();
  const ports = stack.use(await openPorts(config, context));
  const definitions = stack.use(followDefinitions({ ...ports, health: context.health }));
  await definitions.ready;
  const service = stack.use(await startDispatcher({ ...ports, definitions, metrics }, config));
  const all = stack.move();
  return { stopped: service.stopped ?? new Promise(() => {}), [Symbol.asyncDispose]: () => all.disposeAsync() };
});
