import type { Json } from "@antiphon/protocol";

/** A program as it is written. */
export type Ast =
  | { readonly kind: "identity" }
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "text"; readonly format: Format | null; readonly parts: readonly (string | Ast)[] }
  | { readonly kind: "format"; readonly format: Format }
  | { readonly kind: "variable"; readonly name: string; readonly position: number }
  | { readonly kind: "index"; readonly target: Ast; readonly key: Ast; readonly lenient: boolean }
  | {
      readonly kind: "slice";
      readonly target: Ast;
      readonly from: Ast | null;
      readonly to: Ast | null;
      readonly lenient: boolean;
    }
  | { readonly kind: "iterate"; readonly target: Ast; readonly lenient: boolean }
  | { readonly kind: "pipe"; readonly stages: readonly Ast[] }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Ast; readonly right: Ast }
  | { readonly kind: "negate"; readonly operand: Ast }
  | { readonly kind: "array"; readonly items: Ast | null }
  | { readonly kind: "object"; readonly members: readonly Member[] }
  | { readonly kind: "if"; readonly condition: Ast; readonly whenTrue: Ast; readonly whenFalse: Ast }
  | { readonly kind: "try"; readonly body: Ast; readonly handler: Ast | null }
  | { readonly kind: "bind"; readonly source: Ast; readonly patterns: readonly Pattern[]; readonly body: Ast }
  | Fold
  | { readonly kind: "define"; readonly definition: Definition; readonly body: Ast }
  | { readonly kind: "label"; readonly name: string; readonly body: Ast }
  | { readonly kind: "break"; readonly name: string; readonly position: number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Ast[]; readonly position: number };

export type BinaryOperator = Arithmetic | Comparison | Assignment | "," | "//" | "and" | "or";
export type Arithmetic = "+" | "-" | "*" | "/" | "%";
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";
type Assignment = "=" | "|=" | "//=" | `${Arithmetic}=`;

/** `@name`. */
export interface Format {
  readonly name: string;
  readonly position: number;
}

export interface Member {
  readonly key: Ast;
  readonly value: Ast;
}

/** `reduce` and `foreach`; the latter may have an `extract`. */
export interface Fold {
  readonly kind: "reduce" | "foreach";
  readonly source: Ast;
  readonly patterns: readonly Pattern[];
  readonly initial: Ast;
  readonly update: Ast;
  readonly extract: Ast | null;
}

/** `def name(a; $b): body;` */
export interface Definition {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly isValue: boolean }[];
  readonly body: Ast;
}

/** What stands behind `as`. */
export type Pattern =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "array"; readonly items: readonly Pattern[] }
  | { readonly kind: "object"; readonly members: readonly PatternMember[] };

/** `$name`, `key: pattern`, or `$name: pattern`, which binds the member and takes it apart as well. */
export interface PatternMember {
  readonly key: Ast;
  readonly variable: string | null;
  readonly pattern: Pattern | null;
}

export const IDENTITY: Ast = { kind: "identity" };

export function literal(value: Json): Ast {
  return { kind: "literal", value };
}
