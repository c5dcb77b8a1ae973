/** A word of a program. What each kind has as its `text`: a field, variable or format its name without the sign. */
export interface Token {
  readonly kind: "operator" | "keyword" | "name" | "field" | "variable" | "format" | "number" | "text" | "end";
  readonly text: string;
  /** UTF-16 units before it in the source. */
  readonly position: number;
  /** The pieces of a text in quotes: what stands there, and the programs between `\(` and `)`. */
  readonly parts: readonly (string | readonly Token[])[];
}

export const KEYWORDS: ReadonlySet<string> = new Set([
  "def",
  "if",
  "then",
  "elif",
  "else",
  "end",
  "as",
  "reduce",
  "foreach",
  "try",
  "catch",
  "label",
  "import",
  "include",
  "module",
  "and",
  "or",
  "__loc__",
]);
