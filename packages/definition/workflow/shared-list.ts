import type { Members } from "../document/members.ts";
import { readObject } from "../document/members.ts";
import type { Node } from "../document/node.ts";
import { describe, memberOf, placeOfMissing, quote, textOf } from "../document/node.ts";
import type { Table } from "./scope.ts";

/**
 * A list of named definitions (`functions`, `events` and so on), written in the workflow or in a file that it names; the
 * file has the list itself or an object with the list as its member. A name that comes twice is reported; a list that
 * could not be read gives no table.
 */
export function readNamedList<T extends { readonly name: string }>(
  members: Members,
  list: "functions" | "events" | "errors" | "retries" | "auth",
  kind: string,
  read: (members: Members) => T,
): Table<T> {
  const items = listOf(members, list, kind);
  if (items === undefined) return undefined;
  const table = new Map<string, T>();
  for (const node of items) {
    const definition = readObject(node, kind, members.reading, read);
    if (definition === undefined) continue;
    if (table.has(definition.name)) {
      const place = memberOf(node, "name") ?? placeOfMissing(node, "name");
      members.report(place, `a name that no other of the ${list} has`, quote(definition.name));
    }
    table.set(definition.name, definition);
  }
  return table;
}

/** The items of a list as `readNamedList` finds it; undefined if it could not be read. */
export function listOf(members: Members, list: string, kind: string): readonly Node[] | undefined {
  if (members.get(list) === undefined) return [];
  const member = resolve(members, list);
  const inner = memberOf(member, list) ?? member;
  if (inner === undefined) return undefined;
  if (inner.kind === "array") return inner.items;
  members.report(inner, `an array with ${kind} in each place`, describe(inner));
  return undefined;
}

/** A member that is written in place, or in the file that it names. */
export function resolve(members: Members, name: string): Node | undefined {
  const member = members.get(name);
  const reference = member?.kind === "scalar" ? textOf(member) : undefined;
  return member === undefined || reference === undefined ? member : members.reading.sources.open(reference, member);
}
