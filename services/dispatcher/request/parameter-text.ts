import { formatJson, isJsonObject, type Json } from "@antiphon/protocol";

/** A value as a parameter carries it: a text as it is, anything else as JSON. */
export function textOf(value: Json): string {
  return typeof value === "string" ? value : formatJson(value);
}

/** OpenAPI's style `simple`: items, or names and values, between commas. `encode` is applied to each. */
export function simple(value: Json, encode: (text: string) => string = (text) => text): string {
  return partsOf(value)
    .map((part) => encode(textOf(part)))
    .join(",");
}

/** OpenAPI's style `form`, exploded: a pair for each item, or for each member under its own name. */
export function form(name: string, value: Json): readonly string[] {
  if (isJsonObject(value)) return Object.entries(value).map(([member, item]) => pair(member, item));
  return (Array.isArray(value) ? value : [value]).map((item: Json) => pair(name, item));
}

function pair(name: string, value: Json): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(textOf(value))}`;
}

function partsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.entries(value).flat() : [value];
}
