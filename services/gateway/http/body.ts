import { isUtf8 } from "node:buffer";
import { type Content, DATA_BYTES_MAX, type Json, JsonSyntaxError, readData, UnfitDataError } from "@antiphon/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { jsonErrorPlace } from "./json-place.ts";
import { Problem } from "./problem.ts";

/** The largest body of a request, in bytes. */
export const BODY_BYTES_MAX = DATA_BYTES_MAX;

/** Hands bodies to the routes as they came, whatever their content type says; a 415 for one in an encoding such as gzip. */
export function keepBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (request, body, done) => {
    const problem = encodingProblem(request.headers["content-encoding"]);
    if (problem === undefined) done(null, body);
    else done(problem);
  });
}

/** Undefined: a body of that content encoding is as it was sent. */
function encodingProblem(found = ""): Problem | undefined {
  const encodings = found.split(",").map((one) => one.trim().toLowerCase());
  if (encodings.every((one) => one === "" || one === "identity")) return undefined;
  const expected = "no content encoding, or identity";
  const detail = `the body: expected ${expected}, found ${JSON.stringify(found)}`;
  const headers = { "accept-encoding": "identity" };
  return new Problem(415, "unsupported-encoding", detail, { members: { expected, found }, headers });
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

/** A request's body as the content of a message. */
export function contentOf(request: FastifyRequest): Content {
  const bytes = bytesOf(request);
  return { text: isUtf8(bytes) ? bytes.toString("utf8") : undefined, base64: () => bytes.toString("base64") };
}

/** Reads data as it was sent, numbers in their own digits; a 400 that says what is wrong with it, and where. */
export function readJson(text: string): Json {
  try {
    return readData(text);
  } catch (error) {
    throw error instanceof JsonSyntaxError ? jsonProblem(error, text) : error;
  }
}

/** Why a body's text is not taken: no JSON from some place on, or not such as is taken in. */
export function jsonProblem(error: JsonSyntaxError, text: string): Problem {
  if (error instanceof UnfitDataError) {
    const { pointer, expected, found } = error;
    const what = pointer === "" ? "the body" : `the body, ${pointer}`;
    const detail = `${what}: expected ${expected}, found ${found}`;
    return new Problem(400, "unfit-data", detail, { members: { pointer, expected, found } });
  }
  const place = jsonErrorPlace(text);
  const where = place === undefined ? "" : ` at line ${place.line}, column ${place.column}`;
  const members = place === undefined ? {} : { ...place };
  const detail = `the body: expected JSON, found an error${where}: ${error.message}`;
  return new Problem(400, "invalid-json", detail, { members });
}
