import type { FastifyInstance } from "fastify";
import type { Gateway } from "../gateway.ts";
import { sendJson } from "../http/answer.ts";
import { READS_DEFINITIONS } from "../http/fresh-reads.ts";
import { listTopics } from "./list-topics.ts";

/** SonataFlow's discovery of topics. */
export function registerMessaging(app: FastifyInstance, { ports, catalog }: Gateway): void {
  app.get("/messaging/topics", READS_DEFINITIONS, async (_request, reply) => {
    const current = catalog.workflows.flatMap((id) => ports.definitions.current(id)?.definition ?? []);
    return sendJson(reply, 200, listTopics(current));
  });
}
