import { type Ast, type Format, IDENTITY, literal } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import type { Token } from "./token.ts";

/** A text in quotes, with the programs that are interpolated in it. */
export function readText(cursor: Cursor, token: Token, format: Format | null): Ast {
  const [only] = token.parts;
  if (token.parts.length === 1 && typeof only === "string") return literal(only);
  const parts = token.parts.map((part) => (typeof part === "string" ? part : readInterpolated(cursor.inside(part))));
  return { kind: "text", format, parts };
}

function readInterpolated(cursor: Cursor): Ast {
  if (cursor.atEnd) return IDENTITY;
  const program = cursor.pipe(cursor);
  if (!cursor.atEnd) cursor.fail("an operator or ')' to end the interpolation");
  return program;
}
