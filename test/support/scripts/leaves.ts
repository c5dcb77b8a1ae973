/** A value that has no members, and the names that lead to it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** All leaves of a JSON value, in their order; what is empty is one itself. */
export function leavesOf(value: unknown, path: readonly string[] = []): readonly Leaf[] {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (members.length === 0) return [{ path, value }];
  return members.flatMap(([name, member]) => leavesOf(member, [...path, name]));
}

/** What stands there; undefined: nothing does. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}
