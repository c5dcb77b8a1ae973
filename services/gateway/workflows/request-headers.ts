import type { IncomingHttpHeaders } from "node:http";
import { type Definition, excludedHeaders } from "@antiphon/definition";
import { Problem } from "../http/problem.ts";

/** The most characters that names and values of the headers may have that an instance keeps. */
export const HEADERS_LENGTH_MAX = 8_192;

/**
 * Headers that an instance does not keep: those of the connection, and those that say who the sender is, because what
 * an instance keeps stays in the log for as long as that, for everybody to read who may read the log.
 */
const LEFT_OUT = new Set([
  "authorization",
  "connection",
  "content-length",
  "cookie",
  "expect",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * The headers that an instance is started with, `$WORKFLOW.headers`: names in lower case, repeated values as one text. Those
 * that `kogito.persistence.headers.excluded` names, with commas between, are not among them; `passedOn` names those whose
 * tokens are passed on to services, which are.
 */
export function instanceHeaders(
  headers: IncomingHttpHeaders,
  definition: Pick<Definition, "properties">,
  passedOn: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const excluded = excludedHeaders(definition);
  const kept: Record<string, string> = {};
  let length = 0;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || excluded.has(name)) continue;
    if (LEFT_OUT.has(name) && !passedOn.has(name)) continue;
    const text = typeof value === "string" ? value : value.join("");
    kept[name] = text;
    length += name.length + text.length;
  }
  if (length > HEADERS_LENGTH_MAX) {
    const detail = `the headers: expected at most ${HEADERS_LENGTH_MAX} characters, found ${length}`;
    throw new Problem(431, "headers-too-large", detail);
  }
  return kept;
}
