import { isDeepStrictEqual } from "node:util";
import { type Bundle, type Problem, takeApart } from "@antiphon/definition";
import type { Log } from "@antiphon/log";
import { topics } from "@antiphon/protocol";
import type { Environment } from "../read-config.ts";
import { contentHash } from "./content-hash.ts";
import { type DefinitionRecord, formatRecord } from "./definition-record.ts";
import type { Definitions, Deployment } from "./definitions.ts";
import { readBundle, type WholeBundle } from "./read-bundle.ts";

/** What deploying needs. */
export interface DeployPorts {
  readonly log: Log;
  readonly definitions: Definitions;
}

/**
 * What came of deploying a bundle. Unchanged: new instances start with it already. Reconfigured: they do, and all
 * instances of the workflow have a new configuration.
 */
export type Deployed =
  | {
      readonly status: "deployed" | "reconfigured" | "unchanged";
      readonly deployment: Deployment;
      readonly notes: readonly Problem[];
    }
  | { readonly status: "invalid"; readonly problems: readonly Problem[] };

/**
 * Makes a bundle the one that new instances of its workflow start with, and its configuration that of all instances, also
 * of those that run: here as soon as this resolves. Documents on the web that it refers to are fetched into it.
 */
export async function deploy(ports: DeployPorts, given: Bundle, env: Environment = process.env): Promise<Deployed> {
  const read = await readBundle(ports.log, given, env);
  return read.bundle === undefined ? { status: "invalid", problems: read.problems } : await deployWhole(ports, read);
}

/** The same with a bundle that has been read and checked. */
export async function deployWhole(
  { log, definitions }: DeployPorts,
  { bundle, definition, notes }: WholeBundle,
): Promise<Exclude<Deployed, { readonly status: "invalid" }>> {
  const { content, configuration } = takeApart(bundle);
  await definitions.ready;
  const { id, version } = definition;
  const hash = contentHash(content);
  const present = definitions.current(id);
  // One that an earlier release deployed has another hash, which was of its configuration as well.
  const isPinned = present !== undefined && contentHash(present.bundle) === hash;
  const isSame = isPinned && isDeepStrictEqual(present.configuration, configuration);
  // Every process that has refused the workflow's file hears that what is deployed is what is wanted.
  const isRefused = (): boolean => definitions.refusals().some((refusal) => refusal.id === id);
  if (isSame && !isRefused()) return { status: "unchanged", deployment: present, notes };
  const isConfigured = Object.keys(configuration).length > 0;
  await publish(log, {
    type: "deployed",
    hash,
    id,
    version,
    bundle: content,
    ...(isConfigured && { configuration }),
  });
  const deployment = await definitions.until(() => {
    const found = definitions.current(id);
    const isRead = found?.hash === hash && isDeepStrictEqual(found.configuration, configuration) && !isRefused();
    return isRead ? found : undefined;
  }, `workflow "${id}" with hash ${hash}`);
  const status = isSame ? "unchanged" : isPinned ? "reconfigured" : "deployed";
  return { status, deployment, notes };
}

/** Lets no new instance of a workflow start; false if none could. Running ones go on. */
export async function retire({ log, definitions }: DeployPorts, workflow: string): Promise<boolean> {
  await definitions.ready;
  if (definitions.current(workflow) === undefined) return false;
  await publish(log, { type: "retired", id: workflow });
  await definitions.until(
    () => definitions.current(workflow) === undefined || undefined,
    `end of workflow "${workflow}"`,
  );
  return true;
}

async function publish(log: Log, record: DefinitionRecord): Promise<void> {
  await log.publish([{ topic: topics.definitions, partition: 0, ...formatRecord(record) }]);
}
