import { type ActionOutcome, JsonSyntaxError } from "@antiphon/protocol";
import type { Dispatcher } from "undici";
import type { HttpRequest } from "../request/http-request.ts";
import { ActionError, type ActionErrorCode } from "./action-error.ts";
import { readBody, readBodyLeniently } from "./response-body.ts";

/**
 * The most bytes of a response. What a workflow takes in stands twice in one decision, as the action's output and within
 * the instance's data, and a decision has at most 3,000,000 bytes; what is over that faults the instance.
 */
export const RESPONSE_BYTES_MAX = 2 * 1024 * 1024;

/**
 * Sends a request and reads the whole response, whatever its status; redirects are not followed. Throws `ActionError`, or
 * the signal's reason if that aborts.
 */
export async function sendRequest(
  agent: Dispatcher,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const where = `${request.method} ${request.origin}${request.path.split("?")[0]}`;
  try {
    const { statusCode, headers: raw, body } = await agent.request({ ...optionsOf(request), signal });
    const headers = headersIn(raw);
    const bytes = await readAll(body, where);
    const contentType = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1];
    const isSuccess = statusCode >= 200 && statusCode < 300;
    // A refusal is told by its status; that its body is broken must not hide it.
    const output = isSuccess ? readBody(contentType, bytes) : readBodyLeniently(contentType, bytes);
    return { status: "completed", ...(output !== undefined && { output }), http: { status: statusCode, headers } };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw explained(error, where);
  }
}

function optionsOf({ method, origin, path, headers, body }: HttpRequest): Dispatcher.RequestOptions {
  // Header names as the service wrote them, because expressions name them so.
  return { method: method as Dispatcher.HttpMethod, origin, path, headers, body: body ?? null, responseHeaders: "raw" };
}

/** Headers that are about the connection, not about the response. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Undici hands raw headers over as names and values in turn. */
function headersIn(raw: unknown): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  const parts: readonly unknown[] = Array.isArray(raw) ? raw : [];
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const name = String(parts[i]);
    if (HOP_BY_HOP.has(name.toLowerCase())) continue;
    const before = headers.get(name);
    headers.set(name, before === undefined ? String(parts[i + 1]) : `${before}, ${parts[i + 1]}`);
  }
  return Object.fromEntries(headers);
}

async function readAll(body: AsyncIterable<Uint8Array>, where: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > RESPONSE_BYTES_MAX) {
      throw new ActionError(
        "too-large",
        `${where}: expected a response of at most ${RESPONSE_BYTES_MAX} bytes, found more`,
      );
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

function explained(error: unknown, where: string): ActionError {
  if (error instanceof ActionError) return error;
  const { message, code = "" } = error as Error & { readonly code?: string };
  if (error instanceof JsonSyntaxError) {
    return new ActionError("response", `${where}: expected JSON, as its content type says, found: ${message}`, {
      cause: error,
    });
  }
  if (code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH") {
    return new ActionError("400", `${where}: ${message}`, { cause: error });
  }
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return new ActionError("timeout", `${where}: ${message}`, { cause: error });
  const reason = message === "" ? code : message;
  return new ActionError(connectionCodeOf(code), `${where}: no response: ${reason}`, { cause: error });
}

/** Why there is no connection, by the code of Node's error. */
function connectionCodeOf(code: string): ActionErrorCode {
  if (/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(code)) return "refused";
  if (/^(?:ENOTFOUND|EAI_\w+)$/.test(code)) return "unknown-host";
  if (/^ERR_(?:TLS|SSL)_|CERT|_SIGNED_|UNABLE_TO_VERIFY/.test(code)) return "tls";
  return "connection";
}
