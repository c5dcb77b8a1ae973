import { createHash } from "node:crypto";
import type { OpenApiPart } from "@antiphon/definition";
import { isJsonObject, isJsonType, type Json, type JsonObject } from "@antiphon/protocol";
import type { Body } from "./body.ts";
import { bytesOf } from "./bytes.ts";
import { documentText } from "./parameter-styles.ts";
import { textOf } from "./parameter-text.ts";

/**
 * Members as a body of several parts. A text, a number or a flag is a part of plain text, an object is JSON, a list is a
 * part for each item; bytes have a file name, their member's unless the value says `{ base64, fileName, contentType }`.
 */
export function multipartBody(
  mediaType: string,
  parts: Readonly<Record<string, OpenApiPart>>,
  members: JsonObject,
): Body {
  const written = Object.entries(members).flatMap(([name, value]) => {
    const part = (Object.hasOwn(parts, name) ? parts[name] : undefined) ?? {};
    const values: readonly Json[] = Array.isArray(value) && !isJsonType(part.contentType ?? "") ? value : [value];
    return values.filter((item) => item !== null).map((item) => partOf(name, item, part));
  });
  // Made of what it separates, so that the request is the same whenever it is made, and that it cannot stand within.
  const boundary = written.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");
  const lines = written.flatMap((part) => [Buffer.from(`--${boundary}\r\n`), part, Buffer.from("\r\n")]);
  return {
    contentType: `${mediaType}; boundary=${boundary}`,
    content: Buffer.concat([...lines, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

function partOf(name: string, value: Json, { binary, contentType }: OpenApiPart): Buffer {
  if (binary) {
    const { fileName, contentType: own } = isJsonObject(value) ? value : {};
    const type = typeof own === "string" ? own : (contentType ?? "application/octet-stream");
    const file = typeof fileName === "string" ? fileName : name;
    return partWith(name, file, type, Buffer.from(bytesOf(value, `the part ${JSON.stringify(name)}`)));
  }
  const isComposed = Array.isArray(value) || isJsonObject(value);
  const type = contentType ?? (isComposed ? "application/json" : undefined);
  const text = type === undefined ? textOf(value) : documentText(type, value);
  return partWith(name, undefined, type, Buffer.from(text));
}

function partWith(name: string, fileName: string | undefined, type: string | undefined, content: Buffer): Buffer {
  const file = fileName === undefined ? "" : `; filename="${quoted(fileName)}"`;
  const kind = type === undefined ? "" : `\r\nContent-Type: ${type.replace(/[\r\n]/g, " ")}`;
  return Buffer.concat([
    Buffer.from(`Content-Disposition: form-data; name="${quoted(name)}"${file}${kind}\r\n\r\n`),
    content,
  ]);
}

/** As browsers write the names of a form's members. */
function quoted(text: string): string {
  return text.toWellFormed().replace(/["\r\n]/g, (character) => encodeURIComponent(character));
}
