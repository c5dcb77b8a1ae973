import { isJsonObject, type Json } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The bytes that a value stands for: a text that is base64, as the bytes of a response are given, stands for what that
 * encodes, any other text for itself in UTF-8. `{ text }` and `{ base64 }` say which is meant. Throws `ActionError`.
 */
export function bytesOf(value: Json, what: string): Uint8Array {
  if (typeof value === "string") return Buffer.from(value, BASE64.test(value) ? "base64" : "utf-8");
  if (isJsonObject(value)) {
    const { text, base64 } = value;
    if (typeof text === "string") return Buffer.from(text, "utf-8");
    if (typeof base64 === "string" && BASE64.test(base64)) return Buffer.from(base64, "base64");
  }
  throw new ActionError("400", `${what}: expected bytes as base64, or a text, found neither`);
}
