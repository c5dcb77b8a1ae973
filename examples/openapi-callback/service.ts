import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a check takes, and how it tries to report it while nobody answers. */
const CHECK_MS = 1_000;
const REPORT_PAUSE_MS = 500;
const REPORT_ATTEMPTS_MAX = 120;

interface CheckRequest {
  readonly customer: string;
  readonly amount: number;
  readonly callbackUrl: string;
}

/** A credit agency: takes checks on at `POST /checks`, and reports each to the URL that came with it. */
export async function start(settings: {
  readonly antiphonUrl: string;
  readonly port?: number;
  readonly host?: string;
}): Promise<AsyncDisposable & { readonly url: string }> {
  const over = new AbortController();
  const server = createServer((request, response) => {
    takeOn(request, response, over.signal).catch((error: unknown) => {
      if (over.signal.aborted) return;
      console.error(error);
      if (!response.headersSent) response.writeHead(400).end();
    });
  });
  server.listen(settings.port ?? 8181, settings.host ?? "localhost");
  await once(server, "listening");
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      over.abort();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function takeOn(request: IncomingMessage, response: ServerResponse, over: AbortSignal): Promise<void> {
  const { customer, amount, callbackUrl } = (await json(request)) as CheckRequest;
  // The same at every attempt of the same call.
  const check = request.headers["idempotency-key"] ?? crypto.randomUUID();
  response.writeHead(202, { "content-type": "application/json" }).end(JSON.stringify({ check }));
  await sleep(CHECK_MS, undefined, { signal: over });
  await report(callbackUrl, `${check}`, { score: scoreOf(customer, amount) }, over);
}

/** Reports with the check's own id, so that a report that arrives twice counts once. */
async function report(callbackUrl: string, check: string, data: { score: number }, over: AbortSignal): Promise<void> {
  const event = { specversion: "1.0", id: check, source: "credit-service", type: "credit.checked", data };
  const headers = { "content-type": "application/cloudevents+json" };
  for (let attempt = 1; attempt <= REPORT_ATTEMPTS_MAX; attempt += 1) {
    const sent = fetch(callbackUrl, { method: "POST", headers, body: JSON.stringify(event), signal: over });
    const response = await sent.catch(() => undefined);
    // 4xx: nobody waits for it any more, or somebody has reported it already.
    if (response !== undefined && response.status < 500) return;
    await sleep(REPORT_PAUSE_MS, undefined, { signal: over });
  }
}

/** Whoever asks for little is trusted. */
function scoreOf(customer: string, amount: number): number {
  return Math.max(0, Math.min(1_000, 700 + 10 * customer.length - Math.floor(amount / 100)));
}

if (import.meta.main) {
  const { ANTIPHON_URL = "http://localhost:8080", HOST = "localhost", PORT = "8181" } = process.env;
  const { url } = await start({ antiphonUrl: ANTIPHON_URL, host: HOST, port: Number(PORT) });
  console.log(`the credit agency listens on ${url}`);
}
