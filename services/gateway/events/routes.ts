import type { FastifyInstance } from "fastify";
import type { Gateway } from "../gateway.ts";
import { normalPath } from "./channel-paths.ts";
import { receiveEvents } from "./receive.ts";

/** Where CloudEvents come in: `/`, and the paths of channels, which change with the definitions. */
export function registerEvents(app: FastifyInstance, gateway: Gateway): void {
  app.post("/", (request, reply) => receiveEvents(gateway, request, reply));

  // Paths of one step are those of workflows as well, and are told apart there.
  app.post<{ Params: { readonly "*": string } }>("/*", async (request, reply) => {
    if (gateway.catalog.channels.has(normalPath(request.params["*"]))) return receiveEvents(gateway, request, reply);
    return reply.callNotFound();
  });
}
