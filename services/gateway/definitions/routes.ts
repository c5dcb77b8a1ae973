import { type Problem as DefinitionProblem, formatProblems } from "@antiphon/definition";
import {
  contentHash,
  deployWhole,
  ensureEventTopics,
  readBundle,
  retire,
  TooManyReadsError,
} from "@antiphon/host/definitions";
import type { Json, JsonObject } from "@antiphon/protocol";
import type { FastifyInstance } from "fastify";
import type { Gateway } from "../gateway.ts";
import { sendJson } from "../http/answer.ts";
import { textOf } from "../http/body.ts";
import { unavailable } from "../http/errors.ts";
import { DOCUMENTS, READS_DEFINITIONS } from "../http/fresh-reads.ts";
import { Problem } from "../http/problem.ts";
import { oneOf, readParameters, text } from "../queries/parameters.ts";
import { deploymentOf, outlineOf, summaryOf, versionOf } from "./describe.ts";
import { missingWorkflows } from "./missing-workflows.ts";
import { readUpload } from "./read-upload.ts";
import { withConfigurationOf } from "./with-configuration-of.ts";

interface ById {
  readonly Params: { readonly id: string };
}

/** Definitions: look at them, deploy a new version, let no new instance start. Running instances keep theirs. */
export function registerDefinitions(app: FastifyInstance, { ports, catalog, readFiles }: Gateway): void {
  const { definitions } = ports;

  app.get("/v1/definitions", READS_DEFINITIONS, async (_request, reply) => {
    const current = definitions.all().filter((deployment) => deployment.current);
    const refused = definitions.refusals().map((refusal): JsonObject => JSON.parse(JSON.stringify(refusal)));
    return sendJson(reply, 200, {
      definitions: current.map(summaryOf),
      ...(refused.length > 0 && { refused }),
    });
  });

  app.get<ById>("/v1/definitions/:id", DOCUMENTS, async (request, reply) => {
    const deployment = catalog.workflow(request.params.id);
    const { path, files } = deployment.bundle;
    const versions = definitions.all().filter(({ definition }) => definition.id === request.params.id);
    return sendJson(reply, 200, { ...summaryOf(deployment), path, files, versions: versions.map(versionOf) });
  });

  app.get<ById>("/v1/definitions/:id/versions", READS_DEFINITIONS, async ({ params: { id } }, reply) => {
    const versions = definitions.all().filter(({ definition }) => definition.id === id);
    if (versions.length === 0) catalog.workflow(id);
    return sendJson(reply, 200, { versions: versions.map(versionOf) });
  });

  app.get<ById>("/v1/definitions/:id/source", READS_DEFINITIONS, async ({ params: { id }, query }, reply) => {
    const { version } = readParameters(query, { version: text });
    const { path, files } = deploymentOf(definitions, id, version, () => catalog.workflow(id)).bundle;
    const type = path.endsWith(".json") ? "application/json" : "application/yaml";
    return reply.header("content-type", `${type}; charset=utf-8`).send(files[path] ?? "");
  });

  app.put<ById>("/v1/definitions/:id", READS_DEFINITIONS, async (request, reply) => {
    const { id } = request.params;
    const { dryRun } = readParameters(request.query, { dryRun: oneOf("true", "false") });
    const uploaded = readUpload(textOf(request), id, request.headers["content-type"]);
    const upload = withConfigurationOf(definitions, id, uploaded);
    const read = await readBundle(ports.log, upload, process.env, readFiles).catch((error: unknown) => {
      throw error instanceof TooManyReadsError ? unavailable(error.message, error) : error;
    });
    if (read.definition === undefined) throw invalid(read.problems);
    const { bundle, definition, workflows } = read;
    const missing = missingWorkflows(workflows, id, catalog.workflows);
    if (definition.id !== id) {
      const detail = `the workflow's id: expected ${JSON.stringify(id)}, as in the path, found ${JSON.stringify(definition.id)}`;
      throw new Problem(400, "other-workflow", detail);
    }
    if (dryRun === "true") {
      return sendJson(reply, 200, {
        ...outlineOf(definition),
        hash: contentHash(bundle),
        status: "valid",
        ...told([...read.notes, ...missing]),
      });
    }
    const isNew = definitions.current(id) === undefined;
    const deployed = await deployWhole(ports, read);
    const notes = [...deployed.notes, ...missing];
    for (const note of notes) ports.logger.warn({ workflow: id }, formatProblems([note]));
    await ensureEventTopics(ports.log, [deployed.deployment.definition], ports.partitions).catch(
      (error: AggregateError) => {
        throw unavailable(`the definition is deployed, but ${error.message}`, error);
      },
    );
    return sendJson(reply, isNew ? 201 : 200, {
      ...summaryOf(deployed.deployment),
      status: deployed.status,
      ...told(notes),
    });
  });

  app.delete<ById>("/v1/definitions/:id", READS_DEFINITIONS, async (request, reply) => {
    const { id } = request.params;
    const { definition, hash } = catalog.workflow(id);
    await retire(ports, id);
    return sendJson(reply, 200, { id, version: definition.version, hash, status: "retired" });
  });
}

function invalid(problems: readonly DefinitionProblem[]): Problem {
  const detail = `the definition cannot be used:\n${formatProblems(problems)}`;
  return new Problem(422, "invalid-definition", detail, {
    members: { problems: problems.map((one): Json => ({ ...one })) },
  });
}

/** What is in the documents and has no effect, or not yet, for whoever put it there; no member if that is nothing. */
function told(notes: readonly DefinitionProblem[]): JsonObject {
  return notes.length === 0 ? {} : { notes: notes.map((note) => ({ ...note })) };
}
