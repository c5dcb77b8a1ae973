import { ExpressionLimitError, ExpressionSyntaxError } from "../../errors.ts";
import { PROGRAM_DEPTH_MAX, PROGRAM_SIZE_MAX } from "../../limits.ts";
import { formatNamed } from "../builtins/formats.ts";
import * as access from "../filters/access.ts";
import { binding } from "../filters/bind.ts";
import { alternative, comma, junction, pipe } from "../filters/compose.ts";
import * as construct from "../filters/construct.ts";
import { breakTo, conditional, guarded, labelled } from "../filters/control.ts";
import { constant, EMPTY, type Filter, IDENTITY, single } from "../filters/filter.ts";
import { iteration, reduction } from "../filters/fold.ts";
import { frameAbove } from "../filters/frame.ts";
import { ARITHMETIC, negation, operation, operationWith } from "../filters/operators.ts";
import { assignment, modification, operationUpdate } from "../filters/update.ts";
import type { Ast, Fold, Format } from "../syntax/ast.ts";
import { isTrue } from "../values/kinds.ts";
import { compileCall, defined } from "./functions.ts";
import { compilePatterns } from "./patterns.ts";
import type { Scope } from "./scope.ts";

/** Names between a variable and where it stands, for which reading it costs a step. */
const STEPS_UP_FOR_A_STEP = 32;

/** The names of the variables that a run will bind, or "any" if that is not known yet. */
export type Variables = ReadonlySet<string> | "any";

/** Makes filters of a program's source; throws `ExpressionSyntaxError` for names that do not exist. */
export class Compiler {
  readonly #source: string;
  readonly #variables: Variables;
  /** Functions that are defined in jq, by name and number of arguments, each parsed at its first use. */
  readonly library = new Map<string, Scope>();
  #size = 0;
  #depth = 0;

  constructor(source: string, variables: Variables) {
    this.#source = source;
    this.#variables = variables;
  }

  filter(ast: Ast, scope: Scope): Filter {
    if (++this.#size > PROGRAM_SIZE_MAX) throw new ExpressionLimitError("program size", PROGRAM_SIZE_MAX);
    if (++this.#depth > PROGRAM_DEPTH_MAX) throw new ExpressionLimitError("program depth", PROGRAM_DEPTH_MAX);
    const filter = this.#filter(ast, scope);
    this.#depth--;
    return filter;
  }

  fail(problem: string, position: number): never {
    throw new ExpressionSyntaxError(problem, this.#source, position);
  }

  #filter(ast: Ast, scope: Scope): Filter {
    switch (ast.kind) {
      case "identity":
        return IDENTITY;
      case "literal":
        return constant(ast.value);
      case "text": {
        const parts = ast.parts.map((part) => (typeof part === "string" ? part : this.filter(part, scope)));
        return construct.text(parts, ast.format === null ? undefined : this.#format(ast.format));
      }
      case "format": {
        const format = this.#format(ast.format);
        return single((input, frame) => format(input, frame.run));
      }
      case "variable":
        return this.#variable(ast.name, ast.position, scope);
      case "index":
        return this.#index(ast, scope);
      case "slice": {
        const [from, to] = [ast.from, ast.to].map((bound) => (bound ? this.filter(bound, scope) : constant(null)));
        return access.sliced(this.filter(ast.target, scope), from ?? EMPTY, to ?? EMPTY, ast.lenient);
      }
      case "iterate":
        return pipe(this.filter(ast.target, scope), ast.lenient ? access.ITEMS_IF_ANY : access.ITEMS);
      case "pipe":
        if (ast.stages.length > PROGRAM_DEPTH_MAX) throw new ExpressionLimitError("program depth", PROGRAM_DEPTH_MAX);
        return ast.stages.map((stage) => this.filter(stage, scope)).reduceRight((right, left) => pipe(left, right));
      case "binary":
        return this.#binary(ast, scope);
      case "negate":
        return negation(this.filter(ast.operand, scope));
      case "array":
        return construct.array(ast.items === null ? null : this.filter(ast.items, scope));
      case "object":
        return construct.object(
          ast.members.map(({ key, value }) => ({ key: this.#key(key, scope), value: this.filter(value, scope) })),
        );
      case "if":
        return conditional(
          this.filter(ast.condition, scope),
          this.filter(ast.whenTrue, scope),
          this.filter(ast.whenFalse, scope),
        );
      case "try":
        return guarded(this.filter(ast.body, scope), ast.handler === null ? EMPTY : this.filter(ast.handler, scope));
      case "bind": {
        const { binder, inner } = compilePatterns(ast.patterns, scope, this);
        return binding(this.filter(ast.source, scope), binder, this.filter(ast.body, inner));
      }
      case "reduce":
      case "foreach":
        return this.#fold(ast, scope);
      case "define":
        return this.filter(ast.body, defined(ast.definition, scope));
      case "label":
        return labelled(this.filter(ast.body, scope.with({ kind: "label", name: ast.name })));
      case "break": {
        const steps = scope.label(ast.name);
        return steps === null ? this.fail(`found no label $${ast.name} to break to`, ast.position) : breakTo(steps);
      }
      case "call":
        return compileCall(ast, scope, this);
    }
  }

  #variable(name: string, position: number, scope: Scope): Filter {
    const steps = scope.variable(name);
    if (steps !== null) {
      const frameOf = frameAbove(steps);
      if (steps < STEPS_UP_FOR_A_STEP) return single((_input, frame) => frameOf(frame).value);
      return single((_input, frame) => {
        frame.run.charge(Math.floor(steps / STEPS_UP_FOR_A_STEP));
        return frameOf(frame).value;
      });
    }
    if (name === "ENV") return this.fail("$ENV is not available: an expression does not see the environment", position);
    if (this.#variables !== "any" && !this.#variables.has(name)) {
      return this.fail(`found $${name}, which is not defined`, position);
    }
    return single((_input, frame) => frame.run.variable(name));
  }

  #index(ast: Ast & { kind: "index" }, scope: Scope): Filter {
    const target = this.filter(ast.target, scope);
    if (ast.key.kind === "literal" && !ast.lenient) return pipe(target, access.member(ast.key.value));
    const key = this.filter(ast.key, scope);
    return ast.lenient ? access.indexedLeniently(target, key) : access.indexed(target, key);
  }

  #binary({ operator, left, right }: Ast & { kind: "binary" }, scope: Scope): Filter {
    const first = this.filter(left, scope);
    const second = this.filter(right, scope);
    switch (operator) {
      case ",":
        return comma(first, second);
      case "//":
        return alternative(first, second);
      case "and":
        return junction(first, second, false);
      case "or":
        return junction(first, second, true);
      case "=":
        return assignment(first, second);
      case "|=":
        return modification(first, second);
      case "//=":
        return operationUpdate(first, second, (current, value) => (isTrue(current) ? current : value));
      case "+=":
        return operationUpdate(first, second, ARITHMETIC["+"]);
      case "-=":
        return operationUpdate(first, second, ARITHMETIC["-"]);
      case "*=":
        return operationUpdate(first, second, ARITHMETIC["*"]);
      case "/=":
        return operationUpdate(first, second, ARITHMETIC["/"]);
      case "%=":
        return operationUpdate(first, second, ARITHMETIC["%"]);
      default:
        return right.kind === "literal"
          ? operationWith(operator, first, right.value)
          : operation(operator, first, second);
    }
  }

  #key(key: Ast, scope: Scope): string | Filter {
    return key.kind === "literal" && typeof key.value === "string" ? key.value : this.filter(key, scope);
  }

  #fold(ast: Fold, scope: Scope): Filter {
    const { binder, inner } = compilePatterns(ast.patterns, scope, this);
    const parts = {
      source: this.filter(ast.source, scope),
      binder,
      initial: this.filter(ast.initial, scope),
      update: this.filter(ast.update, inner),
      extract: ast.extract === null ? null : this.filter(ast.extract, inner),
    };
    return ast.kind === "reduce" ? reduction(parts) : iteration(parts);
  }

  #format({ name, position }: Format): construct.Format {
    return formatNamed(name) ?? this.fail(`found @${name}, which is not a format`, position);
  }
}
