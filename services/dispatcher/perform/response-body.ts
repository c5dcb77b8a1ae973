import { isJsonType, type Json, JsonSyntaxError, parseJson } from "@antiphon/protocol";

/**
 * A response's body as data, by its content type: JSON, a text, or base64 of anything else; undefined if it is empty.
 * Throws `JsonSyntaxError`.
 */
export function readBody(contentType: string | undefined, bytes: Uint8Array): Json | undefined {
  if (bytes.length === 0) return undefined;
  const [mediaType = "", ...parameters] = (contentType ?? "").toLowerCase().split(";");
  const type = mediaType.trim();
  if (isJsonType(type)) return parseJson(decode(bytes, "utf-8"));
  if (isText(type)) return decode(bytes, charsetIn(parameters));
  return type === "" ? guess(bytes) : Buffer.from(bytes).toString("base64");
}

/** The same, but what is no JSON is taken as the text that it is. */
export function readBodyLeniently(contentType: string | undefined, bytes: Uint8Array): Json | undefined {
  try {
    return readBody(contentType, bytes);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return decode(bytes, "utf-8");
    throw error;
  }
}

function isText(type: string): boolean {
  return type.startsWith("text/") || type === "application/xml" || type.endsWith("+xml");
}

/** Nobody said what it is. */
function guess(bytes: Uint8Array): Json {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    try {
      return parseJson(text);
    } catch {
      return text;
    }
  } catch {
    return Buffer.from(bytes).toString("base64");
  }
}

function charsetIn(parameters: readonly string[]): string {
  for (const parameter of parameters) {
    const charset = /^\s*charset\s*=\s*"?([^"]+?)"?\s*$/.exec(parameter)?.[1];
    if (charset !== undefined) return charset;
  }
  return "utf-8";
}

function decode(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // A charset that nobody knows.
    return new TextDecoder().decode(bytes);
  }
}
