import { ActionError } from "../perform/action-error.ts";
import type { Body } from "./body.ts";

/** A request, ready to be sent. */
export interface HttpRequest {
  readonly method: string;
  /** Scheme, host and port: what one queue is for. */
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What a function makes of its arguments; `headers` are those that the definition asks for. */
export interface RequestParts {
  readonly method: string;
  readonly base: string;
  readonly path: string;
  /** Encoded `name=value` pairs. */
  readonly query: readonly string[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Body;
}

const ACCEPT = "application/json, text/*;q=0.9, */*;q=0.8";
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Puts a request together. `defaults` are headers that the definition may override. Throws `ActionError`. */
export function assemble(parts: RequestParts, defaults: Readonly<Record<string, string>>): HttpRequest {
  const { method, base, path, query, body } = parts;
  const url = urlOf(base, path, query);
  const headers: Record<string, string> = { accept: ACCEPT, ...defaults };
  if (body !== undefined) headers["content-type"] = body.contentType;
  if (url.username !== "")
    headers["authorization"] = basic(decodeURIComponent(url.username), decodeURIComponent(url.password));
  for (const [name, value] of parts.headers) {
    if (!TOKEN.test(name)) throw new ActionError("400", `expected the name of a header, found ${JSON.stringify(name)}`);
    if (!FIELD_VALUE.test(value)) {
      const found = JSON.stringify(value.slice(0, 80));
      throw new ActionError("400", `header "${name}": expected a text that a header can hold, found ${found}`);
    }
    headers[name.toLowerCase()] = value;
  }
  return {
    method,
    origin: url.origin,
    path: url.pathname + url.search,
    headers,
    ...(body !== undefined && { body: body.content }),
  };
}

function urlOf(base: string, path: string, query: readonly string[]): URL {
  // A value such as ".." would lead out of the place that the definition names.
  if (path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) {
    throw new ActionError("400", `expected a path without "." and ".." as segments, found ${JSON.stringify(path)}`);
  }
  const text = base + path + (query.length > 0 ? `?${query.join("&")}` : "");
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new ActionError("400", `expected an http:// or https:// URL, found ${JSON.stringify(text.slice(0, 200))}`);
  }
  return url;
}

/** Credentials of the scheme Basic, as the header `authorization` has them. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
