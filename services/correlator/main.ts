import { openPorts, runService } from "@antiphon/host";
import { followDefinitions } from "@antiphon/host/definitions";
import { correlatorSettings } from "./config.ts";
import { startCorrelator } from "./index.ts";

await runService("correlator", correlatorSettings, async (context) => {
  await using stack = new AsyncDisposableStack();
  const ports = stack.use(await openPorts(context.config, context));
  const definitions = stack.use(followDefinitions({ ...ports, health: context.health }));
  await definitions.ready;
  const service = stack.use(await startCorrelator({ ...ports, definitions }, context.config));
  const all = stack.move();
  return { stopped: service.stopped ?? new Promise(() => {}), [Symbol.asyncDispose]: () => all.disposeAsync() };
});
