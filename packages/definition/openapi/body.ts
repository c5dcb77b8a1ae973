import { isJsonType } from "@antiphon/protocol";
import type { Node } from "../document/node.ts";
import { memberOf, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Reading } from "../document/reading.ts";
import type { OpenApiBody, OpenApiPart } from "../model.ts";
import { isTrue, styleOf } from "./parameters.ts";
import { follow, followQuietly, followTo } from "./reference.ts";
import { readValueTypes } from "./value-types.ts";

/** The body of an operation's request, as JSON if the service takes that, else in the first media type that it takes. */
export function readBody(operation: Node, reading: Reading): OpenApiBody | undefined {
  const body = followTo(operation, "requestBody", reading);
  if (body === undefined) return undefined;
  const content = followTo(body, "content", reading);
  const types = content?.kind === "object" ? [...content.members.keys()] : [];
  const mediaType = types.find(isJsonType) ?? types[0];
  // One that says nothing of itself, or takes anything.
  if (mediaType === undefined || mediaType.startsWith("*/")) return { mediaType: "application/json" };
  const media = memberOf(content, mediaType);
  if (isJsonType(mediaType)) {
    const schema = memberOf(followQuietly(media, reading), "schema");
    return { mediaType, ...present({ types: readValueTypes(schema, reading) }) };
  }
  if (!/^(?:multipart\/|application\/x-www-form-urlencoded)/i.test(mediaType)) return { mediaType };
  return { mediaType, ...present({ parts: readParts(follow(media, reading), reading) }) };
}

function readParts(media: Node | undefined, reading: Reading): OpenApiBody["parts"] {
  const encodings = followTo(media, "encoding", reading);
  const parts: [string, OpenApiPart][] = [];
  for (const [name, schema] of propertiesOf(followTo(media, "schema", reading), reading)) {
    const part = readPart(schema, followTo(encodings, name, reading), reading);
    if (Object.keys(part).length > 0) parts.push([name, part]);
  }
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

function readPart(schema: Node, encoding: Node | undefined, reading: Reading): OpenApiPart {
  const value = textOf(memberOf(schema, "type")) === "array" ? followTo(schema, "items", reading) : schema;
  const mediaType = textOf(memberOf(value, "contentMediaType"));
  const isEncoded = memberOf(value, "contentEncoding") !== undefined;
  const isBinary = textOf(memberOf(value, "format")) === "binary" || (mediaType !== undefined && !isEncoded);
  const contentType = textOf(memberOf(encoding, "contentType"))?.split(",")[0]?.trim() ?? mediaType;
  const hasStyle = ["style", "explode", "allowReserved"].some((name) => memberOf(encoding, name) !== undefined);
  return present({
    binary: isBinary ? (true as const) : undefined,
    contentType: contentType?.includes("*") ? undefined : contentType,
    ...(hasStyle && encoding !== undefined && readStyle(encoding, reading)),
  });
}

function readStyle(encoding: Node, reading: Reading): Pick<OpenApiPart, "style" | "explode" | "allowReserved"> {
  const style = styleOf(encoding, ["form", "spaceDelimited", "pipeDelimited", "deepObject"], reading);
  return {
    style,
    explode: isTrue(memberOf(encoding, "explode")) ?? style === "form",
    ...(isTrue(memberOf(encoding, "allowReserved")) === true && { allowReserved: true }),
  };
}

/** The members of a schema and of those that hold beside it (`allOf`), of which a later one overrides an earlier one. */
function propertiesOf(schema: Node | undefined, reading: Reading): ReadonlyMap<string, Node> {
  const parts = new Set(schema === undefined ? [] : [schema]);
  // Grows while it is gone through; each schema comes once, in however many ways it is reached.
  for (const part of parts) {
    const all = followTo(part, "allOf", reading);
    for (const one of all?.kind === "array" ? all.items.toReversed() : []) {
      const meant = follow(one, reading);
      if (meant !== undefined) parts.add(meant);
    }
  }
  const properties = new Map<string, Node>();
  for (const part of [...parts].reverse()) {
    const own = followTo(part, "properties", reading);
    for (const [name, node] of own?.kind === "object" ? own.members : []) {
      const property = follow(node, reading);
      if (property !== undefined) properties.set(name, property);
    }
  }
  return properties;
}
