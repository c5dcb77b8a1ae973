import { unwrap } from "./check-expression.ts";

/** The path of the secret that an expression is, `a.b` of `$SECRET.a.b` and of `$SECRET."a.b"`; undefined for any other text. */
export function secretPath(text: string): string | undefined {
  const steps = /^\$SECRET((?:\s*\.\s*(?:[\w-]+|"[^"\\]+"))+)$/.exec(unwrap(text).source.trim())?.[1];
  return steps?.replace(/^\s*\.|["\s]/g, "");
}
