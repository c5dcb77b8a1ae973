import { type Problem as DefinitionProblem, formatProblems, readDefinition } from "@antiphon/definition";
import { type Deployment, deploy, ensureEventTopics, retire } from "@antiphon/host/definitions";
import type { Json } from "@antiphon/protocol";
import type { FastifyInstance } from "fastify";
import type { Gateway } from "../gateway.ts";
import { sendJson } from "../http/answer.ts";
import { textOf } from "../http/body.ts";
import { unavailable } from "../http/errors.ts";
import { Problem } from "../http/problem.ts";
import { startsByEvents } from "../workflows/start.ts";
import { readUpload } from "./read-upload.ts";

interface ById {
  readonly Params: { readonly id: string };
}

/** Definitions: look at them, deploy a new version, let no new instance start. Running instances keep theirs. */
export function registerDefinitions(app: FastifyInstance, { ports, catalog }: Gateway): void {
  const { definitions } = ports;

  app.get("/v1/definitions", async (_request, reply) => {
    const current = definitions.all().filter((deployment) => deployment.current);
    return sendJson(reply, 200, { definitions: current.map(summaryOf) });
  });

  app.get<ById>("/v1/definitions/:id", async (request, reply) => {
    const deployment = catalog.workflow(request.params.id);
    const { path, files } = deployment.bundle;
    const versions = definitions.all().filter(({ definition }) => definition.id === request.params.id);
    return sendJson(reply, 200, { ...summaryOf(deployment), path, files, versions: versions.map(versionOf) });
  });

  app.put<ById>("/v1/definitions/:id", async (request, reply) => {
    const { id } = request.params;
    const bundle = readUpload(textOf(request), id);
    const { definition, problems } = readDefinition(bundle, {});
    if (definition === undefined) throw invalid(problems);
    if (definition.id !== id) {
      const detail = `the workflow's id: expected ${JSON.stringify(id)}, as in the path, found ${JSON.stringify(definition.id)}`;
      throw new Problem(400, "other-workflow", detail);
    }
    const isNew = definitions.current(id) === undefined;
    const deployed = await deploy(ports, bundle);
    if (deployed.status === "invalid") throw invalid(deployed.problems);
    await ensureEventTopics(ports.log, definitions, ports.partitions).catch((error: AggregateError) => {
      throw unavailable(`the definition is deployed, but ${error.message}`, error);
    });
    return sendJson(reply, isNew ? 201 : 200, { ...summaryOf(deployed.deployment), status: deployed.status });
  });

  app.delete<ById>("/v1/definitions/:id", async (request, reply) => {
    const { id } = request.params;
    const { definition, hash } = catalog.workflow(id);
    await retire(ports, id);
    return sendJson(reply, 200, { id, version: definition.version, hash, status: "retired" });
  });
}

function summaryOf(deployment: Deployment): { readonly [name: string]: Json } {
  const { id, name, description } = deployment.definition;
  return {
    id,
    name,
    ...(description !== undefined && { description }),
    ...versionOf(deployment),
    startedBy: startsByEvents(deployment.definition) ? "event" : "request",
  };
}

function versionOf({ definition, hash, current, deployedMs }: Deployment) {
  return { version: definition.version, hash, current, deployed: new Date(deployedMs).toISOString() };
}

function invalid(problems: readonly DefinitionProblem[]): Problem {
  const detail = `the definition cannot be used:\n${formatProblems(problems)}`;
  return new Problem(422, "invalid-definition", detail, {
    members: { problems: problems.map((one): Json => ({ ...one })) },
  });
}
