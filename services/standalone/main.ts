import { callbackSecrets, callbackTokens, openPorts, runService } from "@antiphon/host";
import { deployFolder, followDefinitions } from "@antiphon/host/definitions";
import { readSettings, standaloneSettings } from "./config.ts";
import { startExamples } from "./examples.ts";
import { startAll } from "./index.ts";

const { folder, env } = readSettings(process.argv.slice(2), process.env);

await runService(
  "antiphon",
  standaloneSettings,
  async (context) => {
    const { config, logger } = context;
    await using stack = new AsyncDisposableStack();
    const opened = stack.use(await openPorts(config, context));
    const definitions = stack.use(followDefinitions({ ...opened, health: context.health }, env));
    await definitions.ready;
    const tokens = callbackTokens(await callbackSecrets(config, logger));
    const ports = { ...opened, definitions, callbackTokens: tokens, health: context.health, metrics: context.metrics };
    await deployFolder(ports, config.workflows, env);
    const all = stack.use(await startAll(ports, config));
    if (folder === undefined) {
      stack.use(await startExamples(all.url, logger));
      // What still runs while it stops may ask them.
      stack.use(all);
    }
    const running = stack.move();
    return { stopped: all.stopped, [Symbol.asyncDispose]: () => running.disposeAsync() };
  },
  env,
);
