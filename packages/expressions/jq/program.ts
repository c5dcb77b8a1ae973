import type { Json, JsonObject } from "@antiphon/protocol";
import type { Evaluable } from "../evaluable.ts";
import { outputsToJson, outputsToList, outputsToText } from "../outputs.ts";
import { Compiler } from "./compiler/compiler.ts";
import { Scope } from "./compiler/scope.ts";
import type { Filter } from "./filters/filter.ts";
import { Frame } from "./filters/frame.ts";
import { untilStopped } from "./filters/stop.ts";
import { settled, settledOne } from "./output.ts";
import { type Bindings, type Code, codeOf, NO_BINDINGS, type RunOptions, runOf } from "./run.ts";
import type { Ast } from "./syntax/ast.ts";
import { parse } from "./syntax/parser.ts";
import { isPlainName } from "./values/access.ts";
import { asOurs, inRun, withinStack } from "./within-stack.ts";

/** Names of a path that is followed for the one step that a run costs. */
const NAMES_WITHOUT_RUN_MAX = 32;

export interface CompileOptions {
  /**
   * The variables that runs will bind, without their `$`. "any" accepts every name; a run that reads one without a
   * binding then fails. None by default.
   */
  readonly variables?: readonly string[] | "any";
}

/** A compiled program, which is also an expression. It holds nothing of its runs, so that it may be used again. */
export interface Program extends Evaluable {
  /** All outputs. Throws `ExpressionError` and `ExpressionLimitError`. */
  run(input: Json, bindings?: Bindings, options?: RunOptions): Json[];
  /** The first output, without looking for others; undefined if there is none. Throws as `run` does. */
  first(input: Json, bindings?: Bindings, options?: RunOptions): Json | undefined;
}

/** Compiles a jq program. Throws `ExpressionSyntaxError`, and `ExpressionLimitError` for one that is too large. */
export function compile(source: string, options: CompileOptions = {}): Program {
  const { variables = [] } = options;
  const known = variables === "any" ? variables : new Set(variables);
  return withinStack(() => {
    const ast = parse(source);
    const filter = new Compiler(source, known).filter(ast, Scope.OUTERMOST);
    return new CompiledProgram(filter, codeOf(source), memberNames(ast));
  });
}

/** The names of a program such as `.a.b`, which most are; none for any other. */
function memberNames(ast: Ast): readonly string[] {
  const names: string[] = [];
  let at = ast;
  for (; at.kind === "index"; at = at.target) {
    if (at.key.kind !== "literal" || typeof at.key.value !== "string" || !isPlainName(at.key.value)) return [];
    names.unshift(at.key.value);
  }
  return at.kind === "identity" && names.length <= NAMES_WITHOUT_RUN_MAX ? names : [];
}

/** What stands there, without so much as the beginning of a run; undefined if that is not so simple. */
function memberBelow(input: Json, names: readonly string[]): Json | undefined {
  let value: Json | undefined = input;
  for (const name of names) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}

class CompiledProgram implements Program {
  readonly #filter: Filter;
  readonly #code: Code;
  readonly #names: readonly string[];

  constructor(filter: Filter, code: Code, names: readonly string[]) {
    this.#filter = filter;
    this.#code = code;
    this.#names = names;
  }

  json(input: Json, bindings: Bindings = NO_BINDINGS, options?: RunOptions): Json {
    if (this.#names.length > 0) {
      const found = memberBelow(input, this.#names);
      if (found !== undefined) {
        options?.allowance?.use(1);
        return found;
      }
    }
    const { one } = this.#filter;
    if (one === null) return outputsToJson(this.run(input, bindings, options));
    // The most usual case by far, and the shortest: without so much as an array around the output.
    const run = runOf(this.#code, bindings, options);
    try {
      return settledOne(one(input, Frame.outermost(run)), run);
    } catch (error) {
      throw asOurs(error);
    } finally {
      run.end();
    }
  }

  run(input: Json, bindings: Bindings = NO_BINDINGS, options?: RunOptions): Json[] {
    const { one, each } = this.#filter;
    return inRun(runOf(this.#code, bindings, options), (run) => {
      const frame = Frame.outermost(run);
      if (one !== null) return settled([one(input, frame)], run);
      const outputs: Json[] = [];
      each(input, frame, (value) => {
        run.turn();
        outputs.push(value);
      });
      run.grow(outputs.length);
      return settled(outputs, run);
    });
  }

  first(input: Json, bindings: Bindings = NO_BINDINGS, options?: RunOptions): Json | undefined {
    const { one, each } = this.#filter;
    return inRun(runOf(this.#code, bindings, options), (run) => {
      const frame = Frame.outermost(run);
      if (one !== null) return settled([one(input, frame)], run)[0];
      const outputs: Json[] = [];
      untilStopped((stop) =>
        each(input, frame, (value) => {
          outputs.push(value);
          throw stop;
        }),
      );
      return settled(outputs, run)[0];
    });
  }

  text(input: Json, bindings?: Bindings, options?: RunOptions): string {
    return outputsToText(this.run(input, bindings, options));
  }

  truth(input: Json, bindings?: Bindings, options?: RunOptions): boolean {
    return this.json(input, bindings, options) === true;
  }

  list(input: Json, bindings?: Bindings, options?: RunOptions): readonly Json[] {
    const outputs = this.run(input, bindings, options);
    return outputs.length === 1 && outputs[0] === null ? [] : outputsToList(outputs);
  }
}
