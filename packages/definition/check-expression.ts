import { readExpression } from "@antiphon/expressions";

// How an expression is told from a text is asked here alone; `attribute-value.ts` runs those over events.
export { unwrap } from "@antiphon/expressions";

/** What expressions of a workflow are written in. */
export type ExpressionLanguage = "jq" | "jsonpath";

/**
 * Why a text is no expression, in the compiler's words; undefined if it is one. `required`: nothing but an expression may
 * stand there, so that a bare name is one in JSONPath. `variables`: those that it may name.
 */
export function checkExpression(
  text: string,
  language: ExpressionLanguage,
  required = false,
  variables: readonly string[] | "any" = "any",
): string | undefined {
  const expression = readExpression(text, { language, required, variables });
  return expression.kind === "program" ? undefined : (expression.problem?.message ?? "it is blank");
}
