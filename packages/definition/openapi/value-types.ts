import type { Node } from "../document/node.ts";
import { memberOf, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Reading } from "../document/reading.ts";
import type { ScalarType, ValueType, ValueTypes } from "../model.ts";
import { followQuietly } from "./reference.ts";

/** The most schemas that the types of one body are read from; values that further ones describe are not converted. */
export const VALUE_TYPES_MAX = 2_000;

const SCALARS: readonly string[] = ["string", "number", "integer", "boolean"] satisfies readonly ScalarType[];

/** What stands in the table for a schema that is not read. */
const ANY: ValueType = {};

/** The scalar types that a schema gives to a value and to what is in it; undefined if it gives none. */
export function readValueTypes(schema: Node | undefined, reading: Reading): ValueTypes | undefined {
  const root = followQuietly(schema, reading);
  if (root === undefined) return undefined;
  const places = new Map<Node, number>();
  /** The schemas of the table, in its order; it grows while it is gone through. */
  const schemas: Node[] = [];

  function placeOf(node: Node): number | undefined {
    const meant = followQuietly(node, reading);
    if (meant === undefined) return undefined;
    const known = places.get(meant);
    if (known !== undefined) return known;
    if (schemas.length === VALUE_TYPES_MAX) return undefined;
    places.set(meant, schemas.length);
    return schemas.push(meant) - 1;
  }

  placeOf(root);
  const types: ValueType[] = [];
  for (const node of schemas) types.push(readType(partsOf(node, reading), placeOf));
  return types.some(({ scalar }) => scalar !== undefined) ? types : undefined;
}

/** A schema and those that hold beside it: `allOf`, and the only alternative to null of `anyOf` and `oneOf`. */
function partsOf(node: Node, reading: Reading): readonly Node[] {
  const parts = new Set([node]);
  for (const part of parts) {
    const all = memberOf(part, "allOf");
    const alternatives = [memberOf(part, "anyOf"), memberOf(part, "oneOf")].flatMap(
      (list) => onlyAlternative(list) ?? [],
    );
    for (const one of [...(all?.kind === "array" ? all.items : []), ...alternatives]) {
      const meant = followQuietly(one, reading);
      if (meant !== undefined && parts.size < VALUE_TYPES_MAX) parts.add(meant);
    }
  }
  // Own members are the last, and override.
  return [...parts].reverse();
}

function onlyAlternative(list: Node | undefined): Node | undefined {
  const all = list?.kind === "array" ? list.items : [];
  const others = all.filter((one) => textOf(memberOf(one, "type")) !== "null");
  return others.length === 1 ? others[0] : undefined;
}

function readType(parts: readonly Node[], placeOf: (node: Node) => number | undefined): ValueType {
  const members = new Map<string, number>();
  let scalar: ScalarType | undefined;
  let others: number | undefined;
  let items: number | undefined;
  for (const part of parts) {
    scalar = scalarOf(part) ?? scalar;
    const named = memberOf(part, "properties");
    for (const [name, node] of named?.kind === "object" ? named.members : []) {
      const place = placeOf(node);
      if (place !== undefined) members.set(name, place);
    }
    const ofOthers = memberOf(part, "additionalProperties");
    if (ofOthers?.kind === "object") others = placeOf(ofOthers) ?? others;
    const ofItems = memberOf(part, "items");
    if (ofItems?.kind === "object") items = placeOf(ofItems) ?? items;
  }
  if (scalar === undefined && members.size === 0 && others === undefined && items === undefined) return ANY;
  return present({ scalar, members: members.size === 0 ? undefined : Object.fromEntries(members), others, items });
}

/** The scalar type that a schema names alone, or beside null. */
function scalarOf(schema: Node): ScalarType | undefined {
  const type = memberOf(schema, "type");
  const named = type?.kind === "array" ? type.items.map(textOf) : [textOf(type)];
  const [only, ...more] = named.filter((name) => name !== "null");
  return more.length === 0 && only !== undefined && SCALARS.includes(only) ? (only as ScalarType) : undefined;
}
