import type { FastifyInstance } from "fastify";
import { receiveEvents } from "../events/receive.ts";
import type { Gateway } from "../gateway.ts";
import { sendJson } from "../http/answer.ts";
import { DOCUMENTS, READS_DEFINITIONS } from "../http/fresh-reads.ts";
import { AS_IT_IS } from "../http/hide-secrets.ts";
import { Problem } from "../http/problem.ts";
import { registerInstanceRoutes } from "./instances.ts";
import { start, startsByEvents } from "./start.ts";

interface ByWorkflow {
  readonly Params: { readonly workflow: string };
}

/** SonataFlow's routes of each workflow. A workflow's path comes before a channel's that is the same. */
export function registerWorkflows(app: FastifyInstance, gateway: Gateway): void {
  const { catalog, ports } = gateway;

  app.post<ByWorkflow>("/:workflow", { config: AS_IT_IS }, async (request, reply) => {
    const { workflow } = request.params;
    const deployment = ports.definitions.current(workflow);
    const isStartable = deployment !== undefined && !startsByEvents(deployment.definition);
    if (isStartable) return start(gateway, deployment, request, reply);
    const channel = catalog.channelAt("POST", workflow);
    if (channel !== undefined) return receiveEvents(gateway, request, reply, channel);
    const { definition } = catalog.workflow(workflow);
    const types = startTypes(definition);
    const detail = `workflow ${JSON.stringify(workflow)} is started by events alone: of type ${types.join(" or ")}`;
    throw new Problem(405, "started-by-events", detail, { members: { types }, headers: { allow: "GET" } });
  });

  // Whoever opens the gateway's address in a browser sees where to go from there.
  app.get("/", READS_DEFINITIONS, async (_, reply) => {
    const workflows = catalog.workflows.map((id) => `/${encodeURIComponent(id)}`);
    const places = [
      "/v1/instances",
      "/v1/waits",
      "/v1/events",
      "/v1/dead-letters",
      "/v1/definitions",
      "/v1/audit",
      "/q/openapi",
      "/q/health",
    ];
    return sendJson(reply, 200, { workflows, places });
  });

  app.get<ByWorkflow>("/:workflow/schema", DOCUMENTS, async (request, reply) => {
    const { definition } = catalog.workflow(request.params.workflow);
    return sendJson(reply, 200, definition.dataInputSchema?.schema ?? { type: "object" });
  });

  registerInstanceRoutes(app, gateway);
}

function startTypes({ states, start: first }: Parameters<typeof startsByEvents>[0]): readonly string[] {
  const state = states[first];
  if (state?.type !== "event") return [];
  return [...new Set(state.onEvents.flatMap(({ events }) => events.map(({ type }) => type)))];
}
