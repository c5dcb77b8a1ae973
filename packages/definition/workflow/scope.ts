import type { Node } from "../document/node.ts";
import { describe, textOf } from "../document/node.ts";
import type { Reading } from "../document/reading.ts";
import type { ErrorDefinition, EventDefinition, FunctionDefinition, RetryStrategy } from "../model.ts";
import type { Timeouts } from "./timeouts.ts";

/** Definitions by their names; undefined if their file could not be read, so that nothing can be said about a name. */
export type Table<T> = ReadonlyMap<string, T> | undefined;

/** What the other parts of a workflow know of a state before it is read. */
export interface StateName {
  readonly name: string;
  readonly usedForCompensation: boolean;
}

/** The names that a state may refer to, and what it takes over from what is around it. */
export interface Scope {
  readonly reading: Reading;
  readonly states: ReadonlyMap<string, StateName>;
  readonly events: Table<EventDefinition>;
  readonly functions: Table<FunctionDefinition>;
  /** What the functions of type `expression` stand for, by their names. */
  readonly expressionFunctions: ReadonlyMap<string, string>;
  /** What functions may be named by without a definition, `math` of `math:add`. */
  readonly functionNamespaces: ReadonlySet<string>;
  /** Those that were named so, filled while states are read. */
  readonly namespacedFunctions: Map<string, FunctionDefinition>;
  readonly errors: Table<ErrorDefinition>;
  readonly retries: Table<RetryStrategy>;
  /** Actions that name no retries have the usual ones. */
  readonly autoRetries: boolean;
  /** Those of the workflow; within a state, the state's in their place; within a branch, the branch's. */
  readonly timeouts: Timeouts;
  /** Within a state that is reached by compensation only. */
  readonly compensating: boolean;
  /** Within an error handler, which may lead from compensation to any state. */
  readonly handling?: true;
}

/** What a name stands for; undefined, after a problem, if it stands for nothing. `kind` says of what it is the name. */
export function lookUp<T>(
  node: Node | undefined,
  kind: string,
  table: Table<T>,
  reading: Pick<Reading, "problems">,
): T | undefined {
  if (node === undefined || table === undefined) return undefined;
  const name = textOf(node);
  const meant = name === undefined ? undefined : table.get(name);
  if (meant === undefined) {
    reading.problems.report(node, `the name of ${kind}`, describe(node), { name, among: table.keys() });
  }
  return meant;
}

/** What several names stand for, without those that stand for nothing. */
export function lookUpAll<T>(nodes: readonly Node[], kind: string, table: Table<T>, reading: Reading): readonly T[] {
  return nodes.map((node) => lookUp(node, kind, table, reading)).filter((meant) => meant !== undefined);
}
