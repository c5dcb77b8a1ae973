import { ExpressionLimitError, ExpressionSyntaxError } from "../errors.ts";
import type { Evaluable, Target } from "../evaluable.ts";
import { targetPath } from "../target-path.ts";
import { type CompileOptions, compile } from "./program.ts";
import { isBlank, parse } from "./syntax/parser.ts";

/** A text of jq, ready to be evaluated. */
export interface Jq {
  /** The text, in quotes if it is an interpolation that had none. */
  readonly source: string;
  readonly program: Evaluable;
  readonly target: Target;
}

/**
 * Compiles jq, or a text that is jq once it stands in quotes, and that has an interpolation then. Null if there is
 * nothing but blanks and comments. Throws as `compile` does.
 */
export function readJq(source: string, variables: CompileOptions["variables"] = "any"): Jq | null {
  try {
    if (isBlank(source)) return null;
    const names = targetPath(source);
    const isPlain = source.replaceAll('"', "") === `.${names.join(".")}`;
    return { source, program: compile(source, { variables }), target: { names, isPlain } };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const quoted = interpolated(source, variables);
    if (quoted === null) throw error;
    return quoted;
  }
}

function interpolated(source: string, variables: NonNullable<CompileOptions["variables"]>): Jq | null {
  if (source.startsWith('"')) return null;
  const quoted = `"${source}"`;
  try {
    if (parse(quoted).kind !== "text") return null;
    const program = compile(quoted, { variables });
    return { source: quoted, program, target: { names: targetPath(source), isPlain: false } };
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ExpressionSyntaxError || error instanceof ExpressionLimitError;
}
