import type { Json } from "@antiphon/protocol";

/** A path: where it begins, and the steps from there. */
export interface Path {
  readonly root: Root;
  readonly steps: readonly Step[];
  /** As it was written, for messages. */
  readonly source: string;
}

/** `$` is the document, `@` what a filter looks at, `$NAME` a variable. */
export type Root =
  | { readonly kind: "document" }
  | { readonly kind: "item" }
  | { readonly kind: "variable"; readonly name: string };

export type Step =
  | { readonly kind: "name"; readonly name: string }
  /** `['a', 'b']`: at the end of a path an object of those members, otherwise each in turn. */
  | { readonly kind: "names"; readonly names: readonly string[] }
  | { readonly kind: "all" }
  | { readonly kind: "indexes"; readonly indexes: readonly number[] }
  | { readonly kind: "slice"; readonly from: number | undefined; readonly to: number | undefined }
  /** `..`: the step that follows is tried on everything below. */
  | { readonly kind: "deep" }
  | { readonly kind: "filter"; readonly condition: Condition }
  | { readonly kind: "call"; readonly name: FunctionName; readonly parameters: readonly Operand[] };

export type Condition =
  | { readonly kind: "or" | "and"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly condition: Condition }
  | { readonly kind: "exists"; readonly path: Path }
  | { readonly kind: "compare"; readonly operator: Operator; readonly left: Operand; readonly right: Operand };

export type Operand =
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "value"; readonly value: Json }
  | { readonly kind: "regex"; readonly source: string; readonly flags: string };

export const OPERATORS = [
  ...(["===", "!==", "==", "!=", "=~", "<=", ">=", "<", ">"] as const),
  ...(["subsetof", "contains", "noneof", "anyof", "empty", "size", "nin", "all", "in"] as const),
] as const;
export type Operator = (typeof OPERATORS)[number];

export const FUNCTIONS = [
  ...(["min", "max", "avg", "stddev", "sum", "length", "size", "keys"] as const),
  ...(["concat", "append", "first", "last", "index"] as const),
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];
