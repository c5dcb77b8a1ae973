import { leftToUndo } from "@antiphon/engine";
import type { FastifyInstance } from "fastify";
import type { Gateway } from "../gateway.ts";
import { sendJson } from "../http/answer.ts";
import { READS_DEFINITIONS } from "../http/fresh-reads.ts";
import { abortInstance } from "../workflows/abort.ts";
import { change } from "../workflows/change.ts";
import { failedInstance, heldInstance } from "../workflows/held-instance.ts";
import { nodeInstancesOf, timersOf } from "./describe-instance.ts";
import { describeNodes, describeProcess } from "./describe-process.ts";
import { registerNodes } from "./node-routes.ts";
import { withoutSla } from "./without-sla.ts";

/** Where SonataFlow's process management is. */
const PROCESSES = "/management/processes";
const INSTANCE = `${PROCESSES}/:workflow/instances/:id`;

interface ByInstance {
  readonly Params: { readonly workflow: string; readonly id: string };
}

type ByWorkflow = { readonly Params: Pick<ByInstance["Params"], "workflow"> };

/** SonataFlow's process management: what is deployed, where instances stand, and how one that has failed goes on. */
export function registerManagement(app: FastifyInstance, gateway: Gateway): void {
  const { catalog, ports } = gateway;

  app.get(PROCESSES, READS_DEFINITIONS, async (_request, reply) => sendJson(reply, 200, catalog.workflows));

  app.get<ByWorkflow>(`${PROCESSES}/:workflow`, READS_DEFINITIONS, async ({ params }, reply) =>
    sendJson(reply, 200, describeProcess(catalog.workflow(params.workflow).definition)),
  );

  app.get<ByWorkflow>(`${PROCESSES}/:workflow/nodes`, READS_DEFINITIONS, async ({ params }, reply) =>
    sendJson(reply, 200, describeNodes(catalog.workflow(params.workflow).definition)),
  );

  app.get<ByInstance>(`${INSTANCE}/error`, async ({ params }, reply) => {
    const instance = await failedInstance(gateway, params);
    const { id, error, tokens, compensation } = instance;
    const [token] = Object.values(tokens);
    return sendJson(reply, 200, {
      id,
      ...(token && { failedNodeId: token.state }),
      message: error.message,
      ...(error.child && { child: { ...error.child } }),
      ...(compensation && { leftToUndo: leftToUndo(instance) }),
    });
  });

  app.post<ByInstance>(`${INSTANCE}/retrigger`, async ({ params }, reply) =>
    change(gateway, await failedInstance(gateway, params), { type: "RetriggerInstance" }, reply),
  );

  app.post<ByInstance>(`${INSTANCE}/skip`, async ({ params }, reply) =>
    change(gateway, await failedInstance(gateway, params), { type: "RetriggerInstance", skip: true }, reply),
  );

  app.get<ByInstance>(`${INSTANCE}/nodeInstances`, async ({ params }, reply) => {
    const instance = await heldInstance(gateway, params);
    return sendJson(reply, 200, nodeInstancesOf(instance, ports.definitions.find(instance.definition)?.definition));
  });

  app.get<ByInstance>(`${INSTANCE}/timers`, async ({ params }, reply) =>
    sendJson(reply, 200, timersOf(await heldInstance(gateway, params))),
  );

  app.delete<ByInstance>(INSTANCE, async (request, reply) =>
    abortInstance(gateway, await heldInstance(gateway, request.params), request, reply),
  );

  app.patch<ByInstance>(`${INSTANCE}/sla`, async ({ params }) => {
    await heldInstance(gateway, params);
    throw withoutSla();
  });

  registerNodes(app, gateway, INSTANCE);
}
