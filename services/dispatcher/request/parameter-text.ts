import { formatJson, isJsonObject, type Json } from "@antiphon/protocol";

/** How a text is written where it goes. */
export type Encode = (text: string) => string;

/** A value as a parameter carries it: a text as it is, anything else as JSON. */
export function textOf(value: Json): string {
  return typeof value === "string" ? value : formatJson(value);
}

/** What has a meaning in a URL stands for itself only where it is percent-encoded. */
export const percentEncoded: Encode = (text) => encodeURIComponent(text.toWellFormed());

/** The same, but for those reserved characters that do not end a value of a query. */
export const reservedKept: Encode = (text) =>
  percentEncoded(text).replace(/%(?:3A|2F|3F|5B|5D|40|24|2C|3B|3D)/g, (code) => decodeURIComponent(code));

const asItIs: Encode = (text) => text;

/** OpenAPI's style `simple`: items, or names and values, between commas; with `explode` a name has its value after `=`. */
export function simple(value: Json, encode: Encode = asItIs, explode = false): string {
  return items(value, encode, explode).join(",");
}

/** OpenAPI's style `form`, exploded: a pair for each item, or for each member under its own name. */
export function form(name: string, value: Json, encode: Encode = percentEncoded): readonly string[] {
  const pair = (of: string, item: Json): string => `${percentEncoded(of)}=${encode(textOf(item))}`;
  if (isJsonObject(value)) return Object.entries(value).map(([member, item]) => pair(member, item));
  return (Array.isArray(value) ? value : [value]).map((item: Json) => pair(name, item));
}

/** The items of a list, the one value, or the members of an object: names and values in turn, or `name=value`. */
export function items(value: Json, encode: Encode, explode: boolean): readonly string[] {
  if (Array.isArray(value)) return value.map((item: Json) => encode(textOf(item)));
  if (!isJsonObject(value)) return [encode(textOf(value))];
  const members = Object.entries(value).map(([name, item]) => [encode(name), encode(textOf(item))] as const);
  return explode ? members.map(([name, text]) => `${name}=${text}`) : members.flat();
}
