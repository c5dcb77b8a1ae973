import { ExpressionLimitError } from "../../errors.ts";
import { PATTERN_NAMES_MAX } from "../../limits.ts";
import {
  arrayMatcher,
  type Binder,
  destructured,
  type Matcher,
  NAMED,
  objectMatcher,
  slotMatcher,
} from "../filters/bind.ts";
import type { Pattern } from "../syntax/ast.ts";
import type { Compiler } from "./compiler.ts";
import type { Scope } from "./scope.ts";

/** What binds the names in patterns that are alternatives to one another, and the scope in which they are bound. */
export function compilePatterns(
  patterns: readonly Pattern[],
  scope: Scope,
  compiler: Compiler,
): { readonly binder: Binder; readonly inner: Scope } {
  const [first] = patterns;
  if (patterns.length === 1 && first?.kind === "variable") {
    return { binder: NAMED, inner: scope.with(first) };
  }
  const names = [...new Set(patterns.flatMap(namesIn))];
  if (names.length > PATTERN_NAMES_MAX) throw new ExpressionLimitError("names in a pattern", PATTERN_NAMES_MAX);
  const matchers = patterns.map((pattern) => compileMatcher(pattern, names, scope, compiler));
  const inner = names.reduce((outer, name) => outer.with({ kind: "variable", name }), scope);
  return { binder: destructured(matchers, names.length), inner };
}

function compileMatcher(pattern: Pattern, names: readonly string[], scope: Scope, compiler: Compiler): Matcher {
  const compileInner = (inner: Pattern): Matcher => compileMatcher(inner, names, scope, compiler);
  switch (pattern.kind) {
    case "variable":
      return slotMatcher(names.indexOf(pattern.name));
    case "array":
      return arrayMatcher(pattern.items.map(compileInner));
    case "object":
      return objectMatcher(
        pattern.members.map(({ key, variable, pattern: inner }) => ({
          key: compiler.filter(key, scope),
          slot: variable === null ? null : names.indexOf(variable),
          pattern: inner === null ? null : compileInner(inner),
        })),
      );
  }
}

function namesIn(pattern: Pattern): readonly string[] {
  switch (pattern.kind) {
    case "variable":
      return [pattern.name];
    case "array":
      return pattern.items.flatMap(namesIn);
    case "object":
      return pattern.members.flatMap(({ variable, pattern: inner }) => [
        ...(variable === null ? [] : [variable]),
        ...(inner === null ? [] : namesIn(inner)),
      ]);
  }
}
