import { readExpression } from "@antiphon/expressions";

// This is the only file that knows that package, so that how an expression is told from a text is asked in one place.
export { unwrap } from "@antiphon/expressions";

/** What expressions of a workflow are written in. */
export type ExpressionLanguage = "jq" | "jsonpath";

/**
 * Why a text is no expression, in the compiler's words; undefined if it is one. `required`: nothing but an expression may
 * stand there, so that a bare name is one in JSONPath.
 */
export function checkExpression(text: string, language: ExpressionLanguage, required = false): string | undefined {
  const expression = readExpression(text, { language, required });
  return expression.kind === "program" ? undefined : (expression.problem?.message ?? "it is blank");
}
