import type { OpenApiPart } from "@antiphon/definition";
import { formatJson, isJsonObject, type Json, type JsonObject } from "@antiphon/protocol";
import type { Body } from "./body.ts";
import { queryPairs } from "./parameter-styles.ts";
import { form } from "./parameter-text.ts";

/** Members as a form. An object within is JSON, unless the document gives it a style; a list is a pair for each item. */
export function formBody(contentType: string, parts: Readonly<Record<string, OpenApiPart>>, members: JsonObject): Body {
  const pairs = Object.entries(members).flatMap(([name, value]) => pairsOf(name, value, parts));
  return { contentType, content: pairs.join("&").replaceAll("%20", "+") };
}

function pairsOf(name: string, value: Json, parts: Readonly<Record<string, OpenApiPart>>): readonly string[] {
  if (value === null) return [];
  const { style, explode = true, allowReserved } = (Object.hasOwn(parts, name) ? parts[name] : undefined) ?? {};
  if (style === undefined) return form(name, isJsonObject(value) ? formatJson(value) : value);
  return queryPairs({ name, style, explode, ...(allowReserved && { allowReserved }) }, value);
}
