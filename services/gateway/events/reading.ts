import { type Content, type EventMessage, JsonSyntaxError } from "@antiphon/protocol";
import type { FastifyRequest } from "fastify";
import { contentOf, jsonProblem } from "../http/body.ts";

/** A request as a message of the binding. A header that came several times is none of an event's. */
export function messageOf(request: FastifyRequest): EventMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === "string") headers[name] = value;
  return { headers, body: contentOf(request) };
}

/** Reads a content by one of the protocol's readers; a 400 where it is no JSON, or none that is taken in. */
export function reading<Read>({ text }: Pick<Content, "text">, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    throw error instanceof JsonSyntaxError ? jsonProblem(error, text ?? "") : error;
  }
}
