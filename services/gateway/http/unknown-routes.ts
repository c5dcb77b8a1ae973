import type { FastifyInstance } from "fastify";
import { Problem } from "./problem.ts";

/** First steps of paths that no workflow has: what fits no route below them is no instance of a workflow. */
const OWN_STEPS = ["v1", "q", "management", "messaging", "callbacks"];

/** What instances can be asked. What is posted may be for a channel of that path. */
const METHODS = ["GET", "PUT", "PATCH", "DELETE"];

/** Answers for paths that would else be taken for a workflow's. */
export function refuseUnknownRoutes(app: FastifyInstance): void {
  for (const step of OWN_STEPS) {
    for (const url of [`/${step}`, `/${step}/*`]) {
      app.route({ method: METHODS, url, handler: (_request, reply) => reply.callNotFound() });
    }
  }
  for (const path of ["/console", "/console/*"]) {
    app.get(path, async () => {
      throw new Problem(404, "no-console", "the console is not there yet; GET / names what there is to look at");
    });
  }
}
