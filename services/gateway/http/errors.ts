import { LogUnavailableError, RecordTooLargeError } from "@antiphon/log";
import type { Logger } from "@antiphon/processor";
import { CloudEventError } from "@antiphon/protocol";
import { StoreUnavailableError } from "@antiphon/store";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BODY_BYTES_MAX } from "./body.ts";
import { Problem, problemDocument } from "./problem.ts";

/** When a client may try again that was turned away, in seconds. */
export const RETRY_AFTER_S = 1;

/** Answers whatever goes wrong in a route with problem details, without secrets; what nobody foresaw is logged, and not told. */
export function answerErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, problemOf(error, request, logger)));
  app.setNotFoundHandler((request, reply) => {
    const detail = `expected a route of the gateway, found ${request.method} ${pathOf(request)}`;
    return sendProblem(request, reply, new Problem(404, "no-such-route", detail));
  });
}

/** Answers a request that fits no route because its path cannot be read. */
export function answerUnreadable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(request, reply, frameworkProblem(error, request) ?? new Problem(400, "bad-request", error.message));
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const document = problemDocument(problem, { forSonataFlow: !pathOf(request).startsWith("/v1/") });
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .header("content-type", "application/problem+json; charset=utf-8")
    .send(reply.server.secrets.shown(document));
}

/** For an outage that will pass. */
export function unavailable(detail: string, cause?: unknown): Problem {
  return new Problem(503, "unavailable", detail, { cause, headers: { "retry-after": String(RETRY_AFTER_S) } });
}

function problemOf(error: unknown, request: FastifyRequest, logger: Logger): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof CloudEventError) return cloudEventProblem(error);
  if (error instanceof LogUnavailableError) return unavailable("the log cannot be reached at present", error);
  if (error instanceof StoreUnavailableError) return unavailable("the store cannot be reached at present", error);
  if (error instanceof RecordTooLargeError) {
    return new Problem(
      413,
      "too-large",
      `what this asks for takes ${error.sizeBytes} bytes, at most ${error.limitBytes} can be recorded`,
    );
  }
  return frameworkProblem(error, request) ?? unforeseen(error, request, logger);
}

/** What is wrong with a CloudEvent; `place` says with which, where there are several. */
export function cloudEventProblem({ member, expected, found }: CloudEventError, place = ""): Problem {
  const what = member === "" ? "the body" : `attribute ${JSON.stringify(member)}`;
  const detail = `${place}${what}: expected ${expected}, found ${found}`;
  return new Problem(400, "no-cloud-event", detail, { members: { member, expected, found } });
}

/** What the framework itself refuses: too large, cut off, of a nonsensical content type. */
function frameworkProblem(error: unknown, { headers }: FastifyRequest): Problem | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("statusCode" in error)) return undefined;
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    const found = headers["content-length"] === undefined ? "more" : `${headers["content-length"]}`;
    const detail = `the body: expected at most ${BODY_BYTES_MAX} bytes, found ${found}`;
    return new Problem(413, "too-large", detail, { members: { limitBytes: BODY_BYTES_MAX } });
  }
  const status = error.statusCode;
  if (typeof status !== "number" || status < 400 || status > 499) return undefined;
  return new Problem(status, "bad-request", error.message);
}

function unforeseen(error: unknown, request: FastifyRequest, logger: Logger): Problem {
  logger.error({ err: error, method: request.method, path: pathOf(request) }, "a request failed");
  return new Problem(500, "internal-error", "the gateway failed at this request; its log says why", { cause: error });
}

function pathOf({ url }: FastifyRequest): string {
  return url.split("?")[0] ?? url;
}
