import { createHash, randomUUID } from "node:crypto";

/** A random UUID. */
export function newId(): string {
  return randomUUID();
}

/** The same UUID (version 8) for the same text, another for another: the first 122 bits of the text's SHA-256. */
export function deriveId(text: string): string {
  const bytes = createHash("sha256").update(text, "utf8").digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
