import {
  configurationNotes,
  formatProblems,
  type Problem,
  readDefinition,
  readFolder,
  type WantedDocument,
} from "@antiphon/definition";
import type { Logger } from "@antiphon/processor";
import type { Environment } from "../read-config.ts";
import { readResources } from "../read-resources.ts";
import { type DeployPorts, deploy } from "./deploy.ts";
import { deploymentProblems } from "./deployment-problems.ts";
import { type FetchedDocument, fetchDocument } from "./fetch-document.ts";
import { fetchWanted } from "./fetch-wanted.ts";
import { withoutThose } from "./read-bundle.ts";
import { readableEnvironment } from "./readable-environment.ts";

/** What deploying a folder needs. */
export interface DeployFolderPorts extends DeployPorts {
  readonly logger: Pick<Logger, "info" | "warn">;
}

/** Definitions of a folder cannot be used. The message has all that is wrong with all of them, one problem a line. */
export class InvalidDefinitionsError extends Error {
  override readonly name = "InvalidDefinitionsError";
  readonly problems: readonly Problem[];

  constructor(folder: string, problems: readonly Problem[]) {
    super(`The definitions in ${folder} cannot be used.\n${formatProblems(problems)}`);
    this.problems = problems;
  }
}

/**
 * Deploys every workflow below a folder of resources, or none of them: throws `InvalidDefinitionsError` if there is
 * something wrong with any. What was deployed before, and is not in the folder, stays. Documents on the web are fetched.
 * Each key of the configuration that does nothing is named in the log; `env` says for which profile.
 */
export async function deployFolder(
  ports: DeployFolderPorts,
  folder: string,
  env: Environment = process.env,
): Promise<void> {
  const resources = await readResources(folder);
  const present = readableEnvironment(env);
  const readWith = (texts: ReadonlyMap<string, string>) => readFolder(new Map([...resources, ...texts]), present);
  if (env.ANTIPHON_COMPATIBILITY === "sonataflow" && !env.ANTIPHON_SECRETS) {
    const message =
      "definitions may read every environment variable but ANTIPHON_*; ANTIPHON_SECRETS names those that they may";
    ports.logger.warn({}, message);
  }
  await ports.definitions.ready;
  const { texts, problems: missing } = await fetchWanted(
    (found) => readWith(found).wanted,
    (wanted) => fetchOrRemember(ports, wanted),
  );
  const { bundles, problems } = readWith(texts);
  const inside = bundles.flatMap((bundle) => {
    const { definition, problems: found } = readDefinition(bundle, present);
    return definition === undefined ? found : deploymentProblems(bundle, definition, present, ports.log);
  });
  const all = [...problems, ...missing, ...withoutThose(inside, missing)];
  if (all.length > 0) throw new InvalidDefinitionsError(folder, all);
  if (bundles.length === 0)
    ports.logger.warn({ folder }, "no workflow found: expected files named *.sw.json or *.sw.yaml");
  for (const { message, ...place } of configurationNotes(bundles, present)) ports.logger.warn(place, message);
  for (const bundle of bundles) {
    const deployed = await deploy(ports, bundle, env);
    if (deployed.status === "invalid") throw new InvalidDefinitionsError(folder, deployed.problems);
    const { hash, definition } = deployed.deployment;
    const { id: workflow, version } = definition;
    for (const note of deployed.notes) ports.logger.warn({ workflow }, formatProblems([note]));
    const message =
      deployed.status === "reconfigured"
        ? `configuration of ${workflow} has changed`
        : `workflow ${workflow} is ${deployed.status}`;
    ports.logger.info({ workflow, version, hash, file: bundle.path }, message);
  }
}

/** A restart does not need who is not there: what was deployed of a document before is as good. */
async function fetchOrRemember(
  { definitions, logger }: DeployFolderPorts,
  wanted: WantedDocument,
): Promise<FetchedDocument> {
  const { url } = wanted;
  const fetched = await fetchDocument(wanted);
  if ("text" in fetched || fetched.unreachable === undefined) return fetched;
  const deployed = definitions.all().findLast(({ bundle }) => bundle.files[url] !== undefined);
  const text = deployed?.bundle.files[url];
  if (text === undefined) return fetched;
  logger.warn(
    { url, reason: fetched.reason },
    "a document on the web cannot be reached: used as it was deployed before",
  );
  return { text };
}
