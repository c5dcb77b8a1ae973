import type { Definition } from "@antiphon/definition";
import type { Definitions, Deployment } from "@antiphon/host/definitions";
import type { JsonObject } from "@antiphon/protocol";
import { Problem } from "../http/problem.ts";
import { startsByEvents } from "../workflows/start.ts";

/** What lists show of a definition. */
export function summaryOf(deployment: Deployment): JsonObject {
  return { ...nameOf(deployment.definition), ...versionOf(deployment), ...startOf(deployment.definition) };
}

/** What a definition is that is not deployed. */
export function outlineOf(definition: Definition): JsonObject {
  return { ...nameOf(definition), version: definition.version, ...startOf(definition) };
}

/** One of the versions of a workflow. */
export function versionOf({ definition, hash, current, deployedMs }: Deployment): JsonObject {
  return { version: definition.version, hash, current, deployed: new Date(deployedMs).toISOString() };
}

/**
 * A deployment of a workflow by its version or its content hash, the one that came last if several have that version;
 * without either `current`. A 404 that names those that there are.
 */
export function deploymentOf(
  definitions: Pick<Definitions, "all">,
  id: string,
  wanted: string | undefined,
  current: () => Deployment,
): Deployment {
  if (wanted === undefined) return current();
  const all = definitions.all().filter(({ definition }) => definition.id === id);
  if (all.length === 0) return current();
  const found = all.findLast(({ definition, hash }) => definition.version === wanted || hash === wanted);
  if (found !== undefined) return found;
  const versions = [...new Set(all.map(({ definition }) => definition.version))];
  const detail = `version: expected one of ${versions.join(", ")}, or a hash, found ${JSON.stringify(wanted)}`;
  throw new Problem(404, "no-such-version", detail, { members: { versions } });
}

function nameOf({ id, name, description }: Definition): JsonObject {
  return { id, name, ...(description !== undefined && { description }) };
}

function startOf(definition: Definition): JsonObject {
  return { startedBy: startsByEvents(definition) ? "event" : "request" };
}
