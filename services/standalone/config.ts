import { resolve } from "node:path";
import { correlatorSettings } from "@antiphon/correlator/config";
import { dispatcherSettings } from "@antiphon/dispatcher/config";
import { gatewaySettings } from "@antiphon/gateway/config";
import type { Environment } from "@antiphon/host";
import { projectorSettings } from "@antiphon/projector/config";
import { z } from "zod";

/** What the whole of Antiphon in one process reads from the environment: what each of its services reads. */
export const standaloneSettings = z.object({
  ...correlatorSettings.shape,
  ...dispatcherSettings.shape,
  ...projectorSettings.shape,
  ...gatewaySettings.shape,
});

export type StandaloneConfig = z.output<typeof standaloneSettings>;

/**
 * The folder of definitions that the command line names, and the environment with it. Without one, and without
 * `ANTIPHON_WORKFLOWS`, the examples run, and the services that answer them.
 */
export function readSettings(
  args: readonly string[],
  env: Environment,
): { readonly folder?: string; readonly env: Environment } {
  const [argument, ...more] = args;
  if (argument?.startsWith("-") || more.length > 0) {
    process.stderr.write(`expected nothing or one folder of definitions, found: ${args.join(" ")}\n`);
    process.exit(2);
  }
  const folder = argument === undefined ? env.ANTIPHON_WORKFLOWS : resolve(argument);
  return folder === undefined ? { env } : { folder, env: { ...env, ANTIPHON_WORKFLOWS: folder } };
}
