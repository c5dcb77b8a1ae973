import { ExpressionLimitError, ExpressionSyntaxError } from "./errors.ts";
import { type CompileOptions, compile, type Program } from "./jq/program.ts";
import { isBlank, parse } from "./jq/syntax/parser.ts";
import { targetPath } from "./target-path.ts";

/** What a text in a workflow definition turned out to be. */
export type Expression =
  | {
      readonly kind: "program";
      /** The program's source: unwrapped, a function in its place. */
      readonly source: string;
      readonly program: Program;
      /** The names that lead to where a value is put that is assigned to this expression; none is the root. */
      readonly target: readonly string[];
    }
  | {
      readonly kind: "literal";
      /** The text as it was written. */
      readonly text: string;
      /** Why it is no program; null if it is blank. Worth a warning if `wrapped`. */
      readonly problem: ExpressionSyntaxError | ExpressionLimitError | null;
      /** Whether it stands in `${ … }` or `{{ … }}`, so that it was meant as a program. */
      readonly wrapped: boolean;
    };

export interface ReadOptions extends CompileOptions {
  /** Operations of the definition's expression functions, by name, for `fn:name`. */
  readonly functions?: Readonly<Record<string, string>>;
}

/**
 * Decides whether a text is an expression, as SonataFlow does. The text counts without `${ … }` or `{{ … }}` around it;
 * `fn:name` is the function of that name. A text that compiles is a program, whether it was wrapped or not; so `keys`
 * is one, and `hello` is not. A text that compiles in quotes, and then has an interpolation, is one as well.
 *
 * Variables may have any name, unless `options` lists them. JSONPath, when it comes, is another way to fill the same
 * answer.
 */
export function readExpression(text: string, options: ReadOptions = {}): Expression {
  const { functions = {}, variables = "any" } = options;
  const unwrapped = unwrap(text);
  const source = unwrap(named(unwrapped.source, functions) ?? unwrapped.source).source;
  const literal = { kind: "literal", text, problem: null, wrapped: unwrapped.wrapped } as const;
  try {
    if (isBlank(source)) return literal;
    return { kind: "program", source, program: compile(source, { variables }), target: targetPath(source) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return interpolated(source, variables) ?? { ...literal, problem: error };
  }
}

/** A text without the signs that mark it as an expression; they must stand around all of it. */
export function unwrap(text: string): { readonly source: string; readonly wrapped: boolean } {
  const trimmed = text.trim();
  const [, dollar, braces] = /^(?:\$\{([\s\S]*)\}|\{\{([\s\S]*)\}\})$/.exec(trimmed) ?? [];
  const inner = dollar ?? braces;
  return { source: (inner ?? trimmed).trim(), wrapped: inner !== undefined };
}

function named(source: string, functions: Readonly<Record<string, string>>): string | undefined {
  const name = /^fn:(.*)$/s.exec(source)?.[1]?.trim();
  return name !== undefined && Object.hasOwn(functions, name) ? functions[name] : undefined;
}

function interpolated(source: string, variables: NonNullable<CompileOptions["variables"]>): Expression | null {
  if (source.startsWith('"')) return null;
  const quoted = `"${source}"`;
  try {
    if (parse(quoted).kind !== "text") return null;
    return { kind: "program", source: quoted, program: compile(quoted, { variables }), target: targetPath(source) };
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

function isRefusal(error: unknown): error is ExpressionSyntaxError | ExpressionLimitError {
  return error instanceof ExpressionSyntaxError || error instanceof ExpressionLimitError;
}
