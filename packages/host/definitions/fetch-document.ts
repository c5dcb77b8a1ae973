import { isUtf8 } from "node:buffer";
import type { Credentials, WantedDocument } from "@antiphon/definition";
import { RESOURCE_BYTES_MAX } from "../read-resources.ts";

/** How long a document on the web may take to come, in milliseconds. */
export const DOCUMENT_WAIT_MS = 15_000;

/** A document on the web, or why it cannot be had, in words; `unreachable`: nobody answered. */
export type FetchedDocument = { readonly text: string } | { readonly reason: string; readonly unreachable?: true };

/** Fetches a document on the web of at most `RESOURCE_BYTES_MAX`. Never throws. */
export async function fetchDocument({
  url,
  credentials,
}: Pick<WantedDocument, "url" | "credentials">): Promise<FetchedDocument> {
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json, application/yaml, text/plain, */*", ...authorizationOf(credentials) },
      signal: AbortSignal.timeout(DOCUMENT_WAIT_MS),
    });
    if (response.ok) return await textOf(response);
    await response.body?.cancel();
    return { reason: `it answers ${response.status}` };
  } catch (error) {
    return { reason: reasonOf(error), unreachable: true };
  }
}

function authorizationOf(credentials: Credentials | undefined): Readonly<Record<string, string>> {
  if (credentials === undefined) return {};
  if (credentials.scheme === "bearer") return { authorization: `Bearer ${credentials.token}` };
  const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
  return { authorization: `Basic ${pair}` };
}

async function textOf(response: Response): Promise<FetchedDocument> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    // Leaving the loop closes the connection.
    if (length > RESOURCE_BYTES_MAX) return { reason: `it is longer than ${RESOURCE_BYTES_MAX} bytes` };
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return isUtf8(bytes) ? { text: bytes.toString("utf8") } : { reason: "it is no text in UTF-8" };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `it did not come within ${DOCUMENT_WAIT_MS / 1000} s`;
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
