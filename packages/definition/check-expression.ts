import { readExpression } from "@antiphon/expressions";

// This is the only file that knows that package, so that how an expression is told from a text is asked in one place.
export { unwrap } from "@antiphon/expressions";

/** Why a text is no expression, in the compiler's words; undefined if it is one. */
export function checkExpression(text: string): string | undefined {
  const expression = readExpression(text);
  return expression.kind === "program" ? undefined : (expression.problem?.message ?? "it is blank");
}
