import { type Command, isJsonObject, type JsonObject } from "@antiphon/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Gateway } from "../gateway.ts";
import { sendJson } from "../http/answer.ts";
import { readJson, textOf } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { activeInstances } from "../queries/active-instances.ts";
import { type StartedInstance, storedInstance, storedInstances } from "../queries/stored-instances.ts";
import { ask } from "./command.ts";
import { instanceAnswered } from "./settle.ts";

interface ByInstance {
  readonly Params: { readonly workflow: string; readonly id: string };
}

/** Routes of a workflow's instances: list the active ones, look at one, abort it, change its data. An instance that has ended is not there any more. */
export function registerInstanceRoutes(app: FastifyInstance, gateway: Gateway): void {
  const { ports, catalog } = gateway;

  app.get<{ Params: Pick<ByInstance["Params"], "workflow"> }>("/:workflow", async (request, reply) => {
    const { workflow } = request.params;
    const ids = await activeInstances(ports, workflow);
    // Running instances of a workflow that was retired are still told of.
    if (ids.length === 0) catalog.workflow(workflow);
    const stored = await storedInstances(ports, ids);
    const active = stored.flatMap((one) => (one?.state.status === "active" ? [one.state] : []));
    return sendJson(
      reply,
      200,
      active.map(({ id, data: workflowdata }) => ({ id, workflowdata })),
    );
  });

  app.get<ByInstance>("/:workflow/:id", async (request, reply) => {
    const { data: workflowdata, id } = await activeInstance(gateway, request.params);
    return sendJson(reply, 200, { id, workflowdata });
  });

  app.get<ByInstance>("/:workflow/:id/tasks", async (request, reply) => {
    await activeInstance(gateway, request.params);
    return sendJson(reply, 200, []);
  });

  app.delete<ByInstance>("/:workflow/:id", async (request, reply) =>
    change(gateway, request, reply, { type: "AbortInstance" }, "it may have been aborted"),
  );

  app.put<ByInstance>("/:workflow/:id", async (request, reply) =>
    change(gateway, request, reply, { type: "ReplaceData", data: dataOf(request) }, "its data may have been replaced"),
  );

  app.patch<ByInstance>("/:workflow/:id", async (request, reply) =>
    change(gateway, request, reply, { type: "MergeData", data: dataOf(request) }, "its data may have been changed"),
  );
}

type Change = Command extends infer C
  ? C extends { type: "AbortInstance" | "ReplaceData" | "MergeData" }
    ? Omit<C, "instance">
    : never
  : never;

async function change(
  gateway: Gateway,
  request: FastifyRequest<ByInstance>,
  reply: FastifyReply,
  order: Change,
  perhaps: string,
): Promise<FastifyReply> {
  const { id } = await activeInstance(gateway, request.params);
  const outcome = await ask(gateway, { ...order, instance: id });
  return sendJson(reply, 200, { id, workflowdata: instanceAnswered(outcome, { id, perhaps }).data });
}

async function activeInstance(
  { ports, catalog }: Gateway,
  { workflow, id }: ByInstance["Params"],
): Promise<StartedInstance> {
  const instance = (await storedInstance(ports, id))?.state;
  if (instance?.status === "active" && instance.workflow === workflow) return instance;
  if (instance === undefined || instance.workflow !== workflow) {
    catalog.workflow(workflow);
    throw new Problem(404, "no-such-instance", `workflow ${workflow} has no instance ${JSON.stringify(id)}`);
  }
  const detail = `instance ${id} of workflow ${workflow} has ended (${instance.status}): /v1/instances/${id} shows it`;
  throw new Problem(404, "instance-ended", detail, { members: { id, status: instance.status } });
}

/** The data that a body holds: the object itself, or its member `workflowdata`. */
function dataOf(request: FastifyRequest): JsonObject {
  const body = readJson(textOf(request));
  const data = isJsonObject(body) && Object.hasOwn(body, "workflowdata") ? body.workflowdata : body;
  if (isJsonObject(data)) return data;
  throw new Problem(
    400,
    "unusable-body",
    "the body: expected an object with the instance's data, found something else",
  );
}
