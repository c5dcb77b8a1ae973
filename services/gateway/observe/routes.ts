import type { FastifyInstance } from "fastify";
import { sendJson } from "../http/answer.ts";
import type { GatewayPorts } from "../ports.ts";

/** Probes, in the shape of MicroProfile Health, and metrics, in Prometheus's. */
export function registerObservation(app: FastifyInstance, { health, metrics }: GatewayPorts): void {
  // Whoever listens has started.
  for (const path of ["/q/health/live", "/q/health/started"]) {
    app.get(path, async (_request, reply) => sendJson(reply, 200, { status: "UP", checks: [] }));
  }

  for (const path of ["/q/health", "/q/health/ready"]) {
    app.get(path, async (_request, reply) => {
      const { status, checks } = await health.report();
      return sendJson(reply, status === "UP" ? 200 : 503, { status, checks: checks.map((check) => ({ ...check })) });
    });
  }

  app.get("/q/metrics", async (_request, reply) =>
    reply.header("content-type", metrics.contentType).send(await metrics.metrics()),
  );
}
