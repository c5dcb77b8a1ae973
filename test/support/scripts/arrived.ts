import { isDeepStrictEqual } from "node:util";
import { type Leaf, leavesOf } from "./leaves.ts";
import type { Question } from "./open-exchanges.ts";

/** Whether a part of an action's arguments is in a request: in its path, its query, its headers or its body. */
export function hasArrived({ path, value }: Leaf, { asked, headers, body }: Question): boolean {
  const [name = ""] = path;
  const text = textOf(value);
  const [, kind, member = ""] = /^(HEADER_|QUERY_)(.*)$/.exec(name) ?? [];
  if (kind === "HEADER_") return headers[member.toLowerCase()] === text;
  const [place = "", query = ""] = asked.split("?", 2);
  if (kind === "QUERY_") return query.split("&").includes(`${member}=${text}`);
  if (headers[name.toLowerCase()] === text || headers["cookie"]?.split("; ").includes(`${name}=${text}`)) return true;
  return place.includes(text) || query.includes(text) || isInBody({ path, value }, body);
}

/** A form has texts, gRPC has its 64-bit numbers as texts; services get members of an argument under its name or alone. */
function isInBody({ path, value }: Leaf, body: unknown): boolean {
  return leavesOf(body).some(
    (leaf) =>
      (isDeepStrictEqual(leaf.value, value) || textOf(leaf.value) === textOf(value)) &&
      (endsWith(leaf.path, path) || endsWith(path, leaf.path)),
  );
}

function endsWith(path: readonly string[], end: readonly string[]): boolean {
  return isDeepStrictEqual(path.slice(path.length - end.length), end);
}

function textOf(value: unknown): string {
  // Paths have blanks for what is written as +.
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
