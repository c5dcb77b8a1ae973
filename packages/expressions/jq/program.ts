import type { Json } from "@antiphon/protocol";
import type { Evaluable } from "../evaluable.ts";
import { outputsToJson, outputsToList, outputsToText } from "../outputs.ts";
import { Compiler } from "./compiler/compiler.ts";
import { Scope } from "./compiler/scope.ts";
import type { Filter } from "./filters/filter.ts";
import { Frame } from "./filters/frame.ts";
import { untilStopped } from "./filters/stop.ts";
import { settled, settledOne } from "./output.ts";
import { type Bindings, type Code, codeOf, NO_BINDINGS, type RunOptions, runOf } from "./run.ts";
import { parse } from "./syntax/parser.ts";
import { asOurs, inRun, withinStack } from "./within-stack.ts";

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
  const filter = withinStack(() => new Compiler(source, known).filter(parse(source), Scope.OUTERMOST));
  return new CompiledProgram(filter, codeOf(source));
}

class CompiledProgram implements Program {
  readonly #filter: Filter;
  readonly #code: Code;

  constructor(filter: Filter, code: Code) {
    this.#filter = filter;
    this.#code = code;
  }

  json(input: Json, bindings: Bindings = NO_BINDINGS, options?: RunOptions): Json {
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
