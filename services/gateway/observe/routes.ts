import type { Refusal } from "@antiphon/host/definitions";
import type { JsonObject } from "@antiphon/protocol";
import type { FastifyInstance } from "fastify";
import { sendJson } from "../http/answer.ts";
import type { GatewayPorts } from "../ports.ts";

/** How many files a check names that could not be deployed. */
export const REFUSED_NAMED_MAX = 20;

/**
 * Probes, in the shape of MicroProfile Health, and metrics, in Prometheus's. Workflows that could not be deployed are named;
 * the gateway is ready all the same, for the others.
 */
export function registerObservation(app: FastifyInstance, { health, metrics, definitions }: GatewayPorts): void {
  // Whoever listens has started.
  for (const path of ["/q/health/live", "/q/health/started"]) {
    app.get(path, async (_request, reply) => sendJson(reply, 200, { status: "UP", checks: [] }));
  }

  for (const path of ["/q/health", "/q/health/ready"]) {
    app.get(path, async (_request, reply) => {
      const { status, checks } = await health.report();
      const all = [...checks, ...checkOf(definitions.refusals())];
      return sendJson(reply, status === "UP" ? 200 : 503, { status, checks: all.map((check) => ({ ...check })) });
    });
  }

  app.get("/q/metrics", async (_request, reply) =>
    reply.header("content-type", metrics.contentType).send(await metrics.metrics()),
  );
}

function checkOf(refusals: readonly Refusal[]): readonly JsonObject[] {
  if (refusals.length === 0) return [];
  const named = refusals
    .slice(0, REFUSED_NAMED_MAX)
    .map(({ id, file }) => (id === undefined ? file : `${id} in ${file}`));
  const more = refusals.length - named.length;
  const refused = named.join(", ") + (more === 0 ? "" : ` and ${more} more`);
  return [{ name: "definitions", status: "UP", data: { refused } }];
}
