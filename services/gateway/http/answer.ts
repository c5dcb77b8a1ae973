import { formatJson, type Json } from "@antiphon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Gateway } from "../gateway.ts";

/** Answers with a document, numbers in their own digits; without secrets, unless its route gives it `AS_IT_IS`. */
export function sendJson(reply: FastifyReply, status: number, document: Json): FastifyReply {
  const isAsItIs = reply.request.routeOptions.config.asItIs ?? false;
  const text = isAsItIs ? formatJson(document) : reply.server.secrets.shown(document);
  return reply.code(status).header("content-type", "application/json; charset=utf-8").send(text);
}

/** Whether the client wants its answer as soon as what it asks for is durable (RFC 7240). */
export function prefersAsync({ headers }: FastifyRequest): boolean {
  const prefer = headers.prefer;
  return typeof prefer === "string" && /(?:^|[,;\s])respond-async(?:$|[,;\s])/i.test(prefer);
}

/** Says in the answer that the preference was followed. */
export function answeredAsync(reply: FastifyReply): FastifyReply {
  return reply.header("preference-applied", "respond-async");
}

/** Whether the client, a browser that is, would rather have a page than a document. */
export function prefersHtml({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? "";
  return /\btext\/html\b/i.test(accept) && !/\bapplication\/json\b/i.test(accept);
}

/** How the client reaches the gateway, without a slash at the end: as configured, else as it says itself. */
export function baseUrl({ config }: Pick<Gateway, "config">, { protocol, host }: FastifyRequest): string {
  if (config.publicUrl !== undefined) return config.publicUrl.replace(/\/+$/, "");
  return host === "" || host === undefined ? "" : `${protocol}://${host}`;
}
