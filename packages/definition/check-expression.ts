import { compile, ExpressionLimitError, ExpressionSyntaxError } from "@antiphon/expressions";

/** Why a text is no expression, in the compiler's words; undefined if it is one. */
export function checkExpression(text: string): string | undefined {
  try {
    compile(/^\s*\$\{(.*)\}\s*$/s.exec(text)?.[1] ?? text, { variables: "any" });
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionSyntaxError || error instanceof ExpressionLimitError) return error.message;
    throw error;
  }
}
