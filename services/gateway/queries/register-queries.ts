import { viewedTopics } from "@antiphon/views";
import type { FastifyInstance } from "fastify";
import { sendJson } from "../http/answer.ts";
import { READS_HISTORY } from "../http/fresh-reads.ts";
import { Problem } from "../http/problem.ts";
import { listDeadLetters, showDeadLetter } from "./dead-letters.ts";
import { listEvents, showEvent } from "./list-events.ts";
import { listInstances } from "./list-instances.ts";
import { listWaits } from "./list-waits.ts";
import type { QueryPorts } from "./query-ports.ts";
import { showHistory } from "./show-history.ts";
import { showInstance } from "./show-instance.ts";

/** Of what became of an event each of the viewed topics may have something to say. */
const READS_LEDGER = { config: { reads: viewedTopics } } as const;
const EVENTS = "/v1/events/";

interface ById {
  readonly Params: { readonly id: string };
}

/** The routes under `/v1` that only read. What goes wrong is thrown as a `Problem`, for the app's error handler. */
export function registerQueries(app: FastifyInstance, ports: QueryPorts): void {
  app.get("/v1/instances", READS_HISTORY, async ({ query }, reply) =>
    sendJson(reply, 200, await listInstances(ports, query)),
  );
  app.get<ById>("/v1/instances/:id", async ({ params }, reply) => {
    return sendJson(reply, 200, await showInstance(ports, params.id));
  });
  app.get<ById>("/v1/instances/:id/history", async ({ params, query }, reply) => {
    return sendJson(reply, 200, await showHistory(ports, params.id, query));
  });
  app.get("/v1/waits", READS_HISTORY, async ({ query }, reply) => sendJson(reply, 200, await listWaits(ports, query)));
  app.get("/v1/events", READS_LEDGER, async ({ query }, reply) => sendJson(reply, 200, await listEvents(ports, query)));
  // No named parameters: the router takes no empty ones, and none longer than 100 characters. A source may be both.
  app.get(`${EVENTS}*`, READS_LEDGER, async ({ url }, reply) => {
    const { source, id } = readEventPath(url);
    return sendJson(reply, 200, await showEvent(ports, source, id));
  });
  app.get("/v1/dead-letters", READS_LEDGER, async ({ query }, reply) =>
    sendJson(reply, 200, await listDeadLetters(ports, query)),
  );
  app.get<ById>("/v1/dead-letters/:id", READS_LEDGER, async ({ params }, reply) => {
    return sendJson(reply, 200, await showDeadLetter(ports, params.id));
  });
}

/** The source and the id of an event, each URL-encoded, from a path that the router has found to be decodable. */
function readEventPath(url: string): { readonly source: string; readonly id: string } {
  const path = url.split("?")[0] ?? url;
  const [source, id, ...more] = path
    .slice(EVENTS.length)
    .split("/")
    .map((part) => decodeURIComponent(part));
  if (source !== undefined && id !== undefined && id !== "" && more.length === 0) return { source, id };
  const detail = `path: expected ${EVENTS}{source}/{id}, each URL-encoded, found ${path}`;
  throw new Problem(400, "wrong-path", detail);
}
