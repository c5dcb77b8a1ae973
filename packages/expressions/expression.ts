import { ExpressionLimitError, ExpressionSyntaxError } from "./errors.ts";
import type { Evaluable, Target } from "./evaluable.ts";
import type { CompileOptions } from "./jq/program.ts";
import { readJq } from "./jq/read-jq.ts";
import { readJsonPath } from "./jsonpath/read-jsonpath.ts";

/** What a text in a workflow definition turned out to be. */
export type Expression =
  | {
      readonly kind: "program";
      /** The program's source: unwrapped, a function in its place. */
      readonly source: string;
      readonly program: Evaluable;
      readonly target: Target;
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

/** The languages that an expression may be written in (`expressionLang`). */
export type ExpressionLanguage = "jq" | "jsonpath";

export interface ReadOptions extends CompileOptions {
  /** jq by default. */
  readonly language?: ExpressionLanguage | undefined;
  /** Operations of the definition's expression functions, by name, for `fn:name`. */
  readonly functions?: Readonly<Record<string, string>>;
  /** Whether nothing but an expression may stand there, so that in JSONPath a bare `a.b` is `$.a.b`. */
  readonly required?: boolean;
}

/**
 * Decides whether a text is an expression, as SonataFlow does. The text counts without `${ … }` or `{{ … }}` around it;
 * `fn:name` is the function of that name.
 *
 * In jq a text that compiles is a program, whether it was wrapped or not; so `keys` is one, and `hello` is not. A text
 * that compiles in quotes, and then has an interpolation, is one as well. In JSONPath it must begin with `$` or `.`,
 * unless it was wrapped or an expression is `required`: there almost every word compiles.
 *
 * Variables may have any name, unless `options` lists them: a run that reads one without a value fails, and names it.
 */
export function readExpression(text: string, options: ReadOptions = {}): Expression {
  const { functions = {}, variables = "any", language = "jq", required = false } = options;
  const unwrapped = unwrap(text);
  const source = withoutNames(unwrapped.source, functions);
  const literal = { kind: "literal", text, problem: null, wrapped: unwrapped.wrapped } as const;
  if (source === "") return literal;
  try {
    if (language === "jq") {
      const found = readJq(source, variables);
      return found === null ? literal : { kind: "program", ...found };
    }
    const isMeant = required || unwrapped.wrapped || source !== unwrapped.source;
    return { kind: "program", source, ...readJsonPath(source, isMeant) };
  } catch (error) {
    if (error instanceof ExpressionSyntaxError || error instanceof ExpressionLimitError) {
      return { ...literal, problem: unclosed(text) ?? error };
    }
    throw error;
  }
}

/** A text without the signs that mark it as an expression; they must stand around all of it. */
export function unwrap(text: string): { readonly source: string; readonly wrapped: boolean } {
  const trimmed = text.trim();
  const [, dollar, braces] = /^(?:\$\{([\s\S]*)\}|\{\{([\s\S]*)\}\})$/.exec(trimmed) ?? [];
  const inner = dollar ?? braces;
  return { source: (inner ?? trimmed).trim(), wrapped: inner !== undefined };
}

/** What is wrong with a text that begins as an expression and does not end as one, which tells more than that `{` is no program. */
function unclosed(text: string): ExpressionSyntaxError | undefined {
  const opening = /^\s*(\$\{|\{\{)/.exec(text)?.[1];
  if (opening === undefined || unwrap(text).wrapped) return undefined;
  const closing = opening === "${" ? "}" : "}}";
  const problem = `found the end, expected '${closing}', as '${opening}' at the beginning is not closed there`;
  return new ExpressionSyntaxError(problem, text, text.trimEnd().length);
}

/** A function may be another one's name; a circle of them is no expression. */
function withoutNames(source: string, functions: Readonly<Record<string, string>>): string {
  let found = source;
  for (let left = Object.keys(functions).length; left > 0; left--) {
    const operation = named(found, functions);
    if (operation === undefined) return found;
    found = unwrap(operation).source;
  }
  return found;
}

function named(source: string, functions: Readonly<Record<string, string>>): string | undefined {
  const name = /^fn:(.*)$/s.exec(source)?.[1]?.trim();
  return name !== undefined && Object.hasOwn(functions, name) ? functions[name] : undefined;
}
