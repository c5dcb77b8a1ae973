import { formatProblems, type Problem, readDefinition, readFolder } from "@antiphon/definition";
import type { Logger } from "@antiphon/processor";
import { readResources } from "../read-resources.ts";
import { type DeployPorts, deploy } from "./deploy.ts";

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
 * something wrong with any. What was deployed before, and is not in the folder, stays.
 */
export async function deployFolder(ports: DeployFolderPorts, folder: string): Promise<void> {
  const { bundles, problems } = readFolder(await readResources(folder));
  const all = [...problems, ...bundles.flatMap((bundle) => readDefinition(bundle, {}).problems)];
  if (all.length > 0) throw new InvalidDefinitionsError(folder, all);
  if (bundles.length === 0)
    ports.logger.warn({ folder }, "no workflow found: expected files named *.sw.json or *.sw.yaml");
  for (const bundle of bundles) {
    const deployed = await deploy(ports, bundle);
    if (deployed.status === "invalid") throw new InvalidDefinitionsError(folder, deployed.problems);
    const { hash, definition } = deployed.deployment;
    const { id: workflow, version } = definition;
    ports.logger.info({ workflow, version, hash, file: bundle.path }, `workflow ${workflow} is ${deployed.status}`);
  }
}
