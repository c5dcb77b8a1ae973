import type { Node } from "../document/node.ts";
import { describe, textOf } from "../document/node.ts";
import type { Reading } from "../document/reading.ts";
import type { ErrorDefinition, EventDefinition, FunctionDefinition } from "../model.ts";

/** Definitions by their names; undefined if their file could not be read, so that nothing can be said about a name. */
export type Table<T> = ReadonlyMap<string, T> | undefined;

/** The names that a state may refer to. */
export interface Scope {
  readonly reading: Reading;
  readonly states: ReadonlyMap<string, string>;
  readonly events: Table<EventDefinition>;
  readonly functions: Table<FunctionDefinition>;
  readonly errors: Table<ErrorDefinition>;
  /** The workflow's own, for states that have none. */
  readonly eventTimeout: string | undefined;
}

/** What a name stands for; undefined, after a problem, if it stands for nothing. `kind` says of what it is the name. */
export function lookUp<T>(node: Node | undefined, kind: string, table: Table<T>, reading: Reading): T | undefined {
  if (node === undefined || table === undefined) return undefined;
  const name = textOf(node);
  const meant = name === undefined ? undefined : table.get(name);
  if (meant === undefined) {
    reading.problems.report(node, `the name of ${kind}`, describe(node), { name, among: table.keys() });
  }
  return meant;
}
