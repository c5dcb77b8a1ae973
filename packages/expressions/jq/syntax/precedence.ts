import type { BinaryOperator } from "./ast.ts";

/** How strongly an operator binds, and how a row of operators of the same strength is grouped. */
export interface Precedence {
  readonly operator: BinaryOperator;
  readonly strength: number;
  readonly groups: "left" | "right" | "none";
}

/** From the weakest to the strongest; the pipe is weaker than all of them. */
const ROWS: readonly (readonly [groups: Precedence["groups"], operators: readonly BinaryOperator[]])[] = [
  ["left", [","]],
  ["right", ["//"]],
  ["none", ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="]],
  ["left", ["or"]],
  ["left", ["and"]],
  ["none", ["==", "!=", "<", "<=", ">", ">="]],
  ["left", ["+", "-"]],
  ["left", ["*", "/", "%"]],
];

/** By operator; the comma has strength 1. */
export const PRECEDENCE: ReadonlyMap<string, Precedence> = new Map(
  ROWS.flatMap(([groups, operators], row) =>
    operators.map((operator) => [operator, { operator, strength: row + 1, groups }] as const),
  ),
);
