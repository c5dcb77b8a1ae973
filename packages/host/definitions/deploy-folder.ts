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
import type { Refusal } from "./refusal.ts";

/** What deploying a folder needs. */
export interface DeployFolderPorts extends DeployPorts {
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
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
 * something wrong with any, unless they are read as SonataFlow reads: then those that can be are, and each that cannot is
 * named in the log and among `refusals`. What was deployed before, and is not in the folder, stays. Documents on the web are fetched.
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
  const { bundles, problems, ids, asSonataFlow, notes } = readWith(texts);
  const between = [...problems, ...missing];
  const found = bundles.map((bundle) => {
    const { definition, problems: inside } = readDefinition(bundle, present);
    const own = definition === undefined ? inside : deploymentProblems(bundle, definition, present, ports.log);
    return { bundle, own: withoutThose(own, missing) };
  });
  const all = [...between, ...found.flatMap(({ own }) => own)];
  if (all.length > 0 && !asSonataFlow) throw new InvalidDefinitionsError(folder, all);
  for (const note of notes) ports.logger.warn({ file: note.file }, formatProblems([note]));
  if (bundles.length === 0)
    ports.logger.warn({ folder }, "no workflow found: expected files named *.sw.json or *.sw.yaml");
  for (const { message, ...place } of configurationNotes(bundles, present)) ports.logger.warn(place, message);
  for (const { bundle, own } of found) {
    const wrong = [...between.filter(({ file }) => Object.hasOwn(bundle.files, file)), ...own];
    if (wrong.length > 0) {
      refuse(ports, { id: ids.get(bundle.path), file: bundle.path, problems: wrong });
      continue;
    }
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

function refuse(
  { definitions, logger }: DeployFolderPorts,
  { id, ...rest }: Omit<Refusal, "id"> & { readonly id: string | undefined },
): void {
  definitions.refuse(id === undefined ? rest : { id, ...rest });
  const { file, problems } = rest;
  const name = id === undefined ? file : `workflow ${id} in ${file}`;
  logger.error({ workflow: id, file }, `${name} cannot be used, and is not deployed:\n${formatProblems(problems)}`);
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
