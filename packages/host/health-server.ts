import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import type { Health } from "./health.ts";

/** What a process tells about itself. */
export interface Observed {
  readonly health: Health;
  readonly metrics: Registry;
}

/** A running health server. */
export interface HealthServer extends AsyncDisposable {
  readonly port: number;
}

/** Serves `/q/health/live`, `/q/health/ready` and `/q/metrics` on all interfaces, because who probes is never this machine. */
export async function startHealthServer(observed: Observed, port: number): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(observed, request, response).catch((error: unknown) => {
      send(response, 500, "text/plain", error instanceof Error ? error.message : String(error));
    });
  });
  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(port, listening.resolve);
  await listening.promise;
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

async function answer(
  { health, metrics }: Observed,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return send(response, 405, "text/plain", `expected GET, found ${request.method}\n`);
  }
  switch (request.url?.split("?")[0]) {
    case "/q/health/live":
      return send(response, 200, "application/json", JSON.stringify({ status: "UP", checks: [] }));
    case "/q/health/ready": {
      const report = await health.report();
      return send(response, report.status === "UP" ? 200 : 503, "application/json", JSON.stringify(report));
    }
    case "/q/metrics":
      return send(response, 200, metrics.contentType, await metrics.metrics());
    default:
      return send(response, 404, "text/plain", "expected /q/health/live, /q/health/ready or /q/metrics\n");
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type }).end(response.req.method === "HEAD" ? undefined : body);
}
