import { isUtf8 } from "node:buffer";
import { type Json, JsonSyntaxError, parseJson } from "@antiphon/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { jsonErrorPlace } from "./json-place.ts";
import { Problem } from "./problem.ts";

/** The largest body of a request, in bytes. */
export const BODY_BYTES_MAX = 1_048_576;

/** Hands bodies to the routes as they came, whatever their content type says. */
export function keepBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}

/** The bytes of a request's body; empty if it has none. */
export function bytesOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : EMPTY;
}

const EMPTY = Buffer.alloc(0);

/** The text of a request's body; a 400 if it is not UTF-8. */
export function textOf(request: FastifyRequest): string {
  const bytes = bytesOf(request);
  if (!isUtf8(bytes)) throw new Problem(400, "unreadable-body", "the body: expected UTF-8, found other bytes");
  return bytes.toString("utf8");
}

/** Reads JSON as it was sent, numbers in their own digits; a 400 that says where it ends being JSON. */
export function readJson(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const place = jsonErrorPlace(text);
    const where = place === undefined ? "" : ` at line ${place.line}, column ${place.column}`;
    const members = place === undefined ? {} : { ...place };
    throw new Problem(400, "invalid-json", `the body: expected JSON, found an error${where}: ${error.message}`, {
      members,
    });
  }
}
