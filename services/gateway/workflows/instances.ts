import { isJsonObject, type JsonObject, kindOf } from "@antiphon/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Gateway } from "../gateway.ts";
import { prefersHtml, sendJson } from "../http/answer.ts";
import { readJson, textOf } from "../http/body.ts";
import { READS_HISTORY } from "../http/fresh-reads.ts";
import { AS_IT_IS } from "../http/hide-secrets.ts";
import { Problem } from "../http/problem.ts";
import { abortInstance } from "./abort.ts";
import { change } from "./change.ts";
import { heldInstance, type InstancePath } from "./held-instance.ts";
import { instancePage } from "./instance-page.ts";
import { listHeld } from "./list-held.ts";

/** Its client may run the workflow, and so gets its data. */
const OWN = { config: AS_IT_IS };
const LIST = { config: { ...READS_HISTORY.config, ...AS_IT_IS } };

interface ByInstance {
  readonly Params: InstancePath;
}

/**
 * Routes of a workflow's instances: list those that have not ended, look at one, abort it, change its data. One that has
 * failed is among them, as it may be repaired; one that has ended is not there any more.
 */
export function registerInstanceRoutes(app: FastifyInstance, gateway: Gateway): void {
  app.get<{ Params: Pick<InstancePath, "workflow"> }>("/:workflow", LIST, async (request, reply) => {
    const { workflow } = request.params;
    const held = await listHeld(gateway, workflow);
    if (prefersHtml(request)) {
      const page = instancePage(workflow, held, gateway.ports.definitions.secrets);
      return reply.header("content-type", "text/html; charset=utf-8").send(page);
    }
    return sendJson(
      reply,
      200,
      held.map(({ id, data: workflowdata }) => ({ id, workflowdata })),
    );
  });

  app.get<ByInstance>("/:workflow/:id", OWN, async (request, reply) => {
    const { data: workflowdata, id } = await heldInstance(gateway, request.params);
    return sendJson(reply, 200, { id, workflowdata });
  });

  app.get<ByInstance>("/:workflow/:id/tasks", async (request, reply) => {
    await heldInstance(gateway, request.params);
    return sendJson(reply, 200, []);
  });

  app.delete<ByInstance>("/:workflow/:id", OWN, async (request, reply) =>
    abortInstance(gateway, await heldInstance(gateway, request.params), request, reply),
  );

  app.put<ByInstance>("/:workflow/:id", OWN, async (request, reply) => {
    const data = dataOf(request);
    return change(gateway, await heldInstance(gateway, request.params), { type: "ReplaceData", data }, reply);
  });

  app.patch<ByInstance>("/:workflow/:id", OWN, async (request, reply) => {
    const data = dataOf(request);
    return change(gateway, await heldInstance(gateway, request.params), { type: "MergeData", data }, reply);
  });
}

/** The data that a body holds: the object itself, or its member `workflowdata`. */
function dataOf(request: FastifyRequest): JsonObject {
  const body = readJson(textOf(request));
  const data = isJsonObject(body) && Object.hasOwn(body, "workflowdata") ? body.workflowdata : body;
  if (isJsonObject(data)) return data;
  const detail = `the body: expected an object with the instance's data, found ${kindOf(data)}`;
  throw new Problem(400, "unusable-body", detail);
}
