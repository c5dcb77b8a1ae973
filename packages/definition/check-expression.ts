import { compile, ExpressionLimitError, ExpressionSyntaxError } from "@antiphon/expressions";

/** Whether a text says that it is an expression: `${ … }`. */
export function isMarkedAsExpression(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.startsWith("${") && trimmed.endsWith("}");
}

/** The text within `${ … }`, or the text itself. */
export function programIn(text: string): string {
  return (isMarkedAsExpression(text) ? text.trim().slice(2, -1) : text).trim();
}

/** Why a text is no expression, in the compiler's words; undefined if it is one. */
export function checkExpression(text: string): string | undefined {
  try {
    compile(programIn(text), { variables: "any" });
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionSyntaxError || error instanceof ExpressionLimitError) return error.message;
    throw error;
  }
}
