import type { OpenApiParameter } from "@antiphon/definition";
import { formatJson, isJsonObject, isJsonType, type Json } from "@antiphon/protocol";
import { form, items, percentEncoded, reservedKept, simple, textOf } from "./parameter-text.ts";

type Styled = Pick<OpenApiParameter, "name" | "style" | "explode" | "allowReserved" | "mediaType">;

/** How deep the members of a `deepObject` are named by their paths; what is below is JSON. */
const DEEP_OBJECT_DEPTH_MAX = 16;

/** What stands in a path for a parameter: in the style `simple`, `label` or `matrix`. Empty: the value says nothing. */
export function pathText({ name, style, explode, mediaType }: Styled, value: Json): string {
  if (mediaType !== undefined) return percentEncoded(documentText(mediaType, value));
  const texts = items(value, percentEncoded, explode);
  if (texts.length === 0) return "";
  switch (style) {
    case "label":
      return `.${texts.join(explode ? "." : ",")}`;
    case "matrix": {
      const own = percentEncoded(name);
      if (!explode) return named(own, texts.join(","));
      return texts.map((text) => (isJsonObject(value) ? `;${text}` : named(own, text))).join("");
    }
    default:
      return texts.join(",");
  }
}

function named(name: string, text: string): string {
  return text === "" ? `;${name}` : `;${name}=${text}`;
}

/** The `name=value` pairs that stand in a query or in a form for a parameter; none: the value says nothing. */
export function queryPairs(parameter: Styled, value: Json): readonly string[] {
  const { name, style, explode, allowReserved, mediaType } = parameter;
  const encode = allowReserved ? reservedKept : percentEncoded;
  if (mediaType !== undefined) return [`${percentEncoded(name)}=${encode(documentText(mediaType, value))}`];
  if (style === "deepObject" && isJsonObject(value)) return deepPairs(percentEncoded(name), value, encode, 0);
  if (explode || typeof value !== "object") return form(name, value, encode);
  const texts = items(value, encode, false);
  return texts.length === 0 ? [] : [`${percentEncoded(name)}=${texts.join(DELIMITERS[style] ?? ",")}`];
}

const DELIMITERS: Readonly<Partial<Record<OpenApiParameter["style"], string>>> = {
  spaceDelimited: "%20",
  pipeDelimited: "%7C",
};

function deepPairs(name: string, value: Json, encode: (text: string) => string, depth: number): readonly string[] {
  if (isJsonObject(value) && depth < DEEP_OBJECT_DEPTH_MAX) {
    return Object.entries(value).flatMap(([member, below]) =>
      deepPairs(`${name}%5B${percentEncoded(member)}%5D`, below, encode, depth + 1),
    );
  }
  return (Array.isArray(value) ? value : [value]).map((item: Json) => `${name}=${encode(textOf(item))}`);
}

/** What stands in a header for a parameter. */
export function headerText({ explode, mediaType }: Styled, value: Json): string {
  return mediaType === undefined ? simple(value, (text) => text, explode) : documentText(mediaType, value);
}

/** A value as a document of a media type: JSON, or the text that it is. */
export function documentText(mediaType: string, value: Json): string {
  return isJsonType(mediaType) ? formatJson(value) : textOf(value);
}
