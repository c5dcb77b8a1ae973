import type { Members } from "../document/members.ts";
import type { Node } from "../document/node.ts";
import type { FunctionDefinition } from "../model.ts";
import { unreadFunction } from "../workflow/stand-ins.ts";

/** What every function has, whatever its type. */
export type Base = Pick<FunctionDefinition, "name" | "metadata" | "authRef">;

/** The operation of a function as it is written, and what its reader needs besides. */
export interface Written {
  readonly base: Base;
  readonly members: Members;
  readonly operation: string;
  /** Where the operation stands, for problems. */
  readonly node: Node;
}

/** What stands in for a function that could not be read; there is a problem about it. */
export function unread({ base }: Written): FunctionDefinition {
  return { ...unreadFunction, ...base };
}

/** Reports what is wrong with an operation. */
export function refuse(
  written: Written,
  expected: string,
  found: string,
  misspelt?: { readonly name: string | undefined; readonly among: Iterable<string> },
): FunctionDefinition {
  written.members.report(written.node, expected, found, misspelt);
  return unread(written);
}
