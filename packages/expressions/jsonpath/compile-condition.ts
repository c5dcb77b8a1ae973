import type { Json } from "@antiphon/protocol";
import { watched } from "../jq/builtins/watched-text.ts";
import type { Run } from "../jq/run.ts";
import { isArray, isContainer } from "../jq/values/kinds.ts";
import { toText } from "../jq/values/text.ts";
import type { Condition, Operand } from "./ast.ts";
import { holds, type Operated } from "./compare.ts";
import { type CompilePath, PathMissing, type Scope } from "./scope.ts";

/** Whether a condition holds for `scope.item`. */
export type Test = (scope: Scope) => boolean;

/** Compiles a condition, with the paths in it. */
export function compileCondition(condition: Condition, compilePath: CompilePath): Test {
  switch (condition.kind) {
    case "or": {
      const [left, right] = sides(condition, compilePath);
      return (scope) => left(scope) || right(scope);
    }
    case "and": {
      const [left, right] = sides(condition, compilePath);
      return (scope) => left(scope) && right(scope);
    }
    case "not": {
      const inner = compileCondition(condition.condition, compilePath);
      return (scope) => !inner(scope);
    }
    case "exists": {
      const find = compileOperand({ kind: "path", path: condition.path }, compilePath);
      return (scope) => {
        scope.run.charge(1);
        return find(scope) !== undefined;
      };
    }
    case "compare": {
      const { operator, left, right } = condition;
      if (operator === "=~") return matching(left, right, compilePath);
      const [first, second] = [compileOperand(left, compilePath), compileOperand(right, compilePath)];
      return (scope) => holds(operator, first(scope), second(scope), scope.run);
    }
  }
}

function sides({ left, right }: Condition & { kind: "or" | "and" }, compilePath: CompilePath): readonly [Test, Test] {
  return [compileCondition(left, compilePath), compileCondition(right, compilePath)];
}

/** The value of an operand; undefined if its path finds nothing. */
export function compileOperand(operand: Operand, compilePath: CompilePath): (scope: Scope) => Operated {
  switch (operand.kind) {
    case "value":
      return () => operand.value;
    case "regex":
      return () => undefined;
    case "path": {
      const { definite, find } = compilePath(operand.path);
      if (definite) return find;
      return (scope) => {
        try {
          return find(scope);
        } catch (error) {
          if (error instanceof PathMissing) return undefined;
          throw error;
        }
      };
    }
  }
}

/** `=~` has a pattern on one side; all of a text must fit it, or one item of an array. */
function matching(left: Operand, right: Operand, compilePath: CompilePath): Test {
  const [regex, other] = left.kind === "regex" ? [left, right] : [right, left];
  if (regex.kind !== "regex" || other.kind === "regex") return () => false;
  const find = compileOperand(other, compilePath);
  return (scope) => {
    const value = find(scope) ?? "";
    const texts = isArray(value) ? value : [value];
    scope.run.charge(1);
    return texts.some((text) => matches(regex.source, regex.flags, text, scope.run));
  };
}

function matches(source: string, flags: string, value: Json, run: Run): boolean {
  const text = value === null || isContainer(value) ? "" : toText(value, run);
  const { pattern } = run.regexes.get(source, flags, run);
  return pattern.matcher(watched(text, pattern.programSize(), run)).find();
}
