import type { FastifyInstance } from "fastify";
import type { Gateway } from "../gateway.ts";
import { receiveEvents } from "./receive.ts";

/** Where CloudEvents come in: `/`, and the paths of channels, which change with the definitions. */
export function registerEvents(app: FastifyInstance, gateway: Gateway): void {
  const { catalog } = gateway;

  app.post("/", (request, reply) => receiveEvents(gateway, request, reply, catalog.channelAt("POST", "/")));

  // Paths of one step are those of workflows as well, and are told apart there.
  app.post<{ Params: { readonly "*": string } }>("/*", async (request, reply) => {
    const channel = catalog.channelAt("POST", request.params["*"]);
    return channel === undefined ? reply.callNotFound() : receiveEvents(gateway, request, reply, channel);
  });

  // Paths of two steps are those of instances as well, whose ids are never what a channel's path has there.
  app.addHook("preHandler", async (request, reply) => {
    if (request.method !== "PUT") return;
    const path = decoded(request.url.split("?")[0] ?? "");
    const channel = path.startsWith("/v1/") ? undefined : catalog.channelAt("PUT", path);
    if (channel !== undefined) await receiveEvents(gateway, request, reply, channel);
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
