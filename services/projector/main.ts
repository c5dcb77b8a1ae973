import { openPorts, runService } from "@antiphon/host";
import { projectorSettings } from "./config.ts";
import { startProjector } from "./index.ts";

await runService("projector", projectorSettings, async (context) => {
  const { config, health, metrics } = context;
  await using stack = new AsyncDisposableStack();
  const ports = stack.use(await openPorts(config, context));
  const projector = stack.use(await startProjector({ ...ports, health, metrics }, config));
  const all = stack.move();
  return { stopped: projector.stopped ?? new Promise(() => {}), [Symbol.asyncDispose]: () => all.disposeAsync() };
});
