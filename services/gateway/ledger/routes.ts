import { type JsonObject, topics } from "@antiphon/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { readEvents } from "../events/read-request.ts";
import type { Gateway } from "../gateway.ts";
import { sendJson } from "../http/answer.ts";
import { bytesOf } from "../http/body.ts";
import { READS_HISTORY } from "../http/fresh-reads.ts";
import { Problem } from "../http/problem.ts";
import { findDeadLetter } from "../queries/dead-letters.ts";
import { readParameters } from "../queries/parameters.ts";
import { audit } from "./audit/audit.ts";
import { explain } from "./explain/explain.ts";
import { Jobs } from "./jobs.ts";
import { redrive } from "./redrive.ts";
import { RedriveJob } from "./redrive-job.ts";

interface ById {
  readonly Params: { readonly id: string };
}

/** What can be done about events, beside reading what became of them. */
export function registerLedger(app: FastifyInstance, gateway: Gateway): void {
  const jobs = new Jobs(gateway.ports, gateway.signal);

  app.post("/v1/events/explain", READS_HISTORY, async (request, reply) => {
    readParameters(request.query, {});
    const received = readEvents(request, undefined);
    if (received.kind === "one") return sendJson(reply, 200, await explain(gateway, received.event));
    throw new Problem(400, "no-cloud-event", "the body: expected one CloudEvent, found a batch of them");
  });

  app.post<ById>(
    "/v1/dead-letters/:id/redrive",
    { config: { reads: [topics.deadLetters] } },
    async ({ params, query }, reply) => {
      readParameters(query, {});
      const found = await findDeadLetter(gateway.ports, params.id);
      const outcome = await redrive(gateway, found);
      return sendJson(reply, 200, { id: params.id, ...outcome });
    },
  );

  app.post("/v1/dead-letters/redrive", async (request, reply) => {
    refuseBody(request);
    const job = jobs.start(new RedriveJob(gateway, request.query));
    return sendJson(reply.header("location", `/v1/jobs/${job}`), 202, jobs.show(job));
  });

  // Whoever asks while one goes on has the answer of that one.
  let auditing: Promise<JsonObject> | undefined;
  app.get("/v1/audit", async ({ query }, reply) => {
    readParameters(query, {});
    const { ports, config } = gateway;
    const kept = config.retention === undefined ? {} : { retentionMs: config.retention };
    auditing ??= audit({ ...ports, ...kept }, gateway.signal).finally(() => {
      auditing = undefined;
    });
    return sendJson(reply, 200, await auditing);
  });

  app.get<ById>("/v1/jobs/:id", async ({ params }, reply) => sendJson(reply, 200, jobs.show(params.id)));
}

/** A filter that is sent where nobody reads it would be no filter. */
function refuseBody(request: FastifyRequest): void {
  const { length } = bytesOf(request);
  if (length === 0) return;
  const detail = `the body: expected none, the filter stands in the query; found ${length} bytes`;
  throw new Problem(400, "unusable-body", detail);
}
