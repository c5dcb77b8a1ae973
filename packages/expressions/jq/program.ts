import type { Json } from "@antiphon/protocol";
import { ExpressionError, ExpressionLimitError } from "../errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { Compiler } from "./compiler/compiler.ts";
import { Scope } from "./compiler/scope.ts";
import type { Filter } from "./filters/filter.ts";
import { Frame } from "./filters/frame.ts";
import { Stop, untilStopped } from "./filters/stop.ts";
import { settled } from "./output.ts";
import { RegexCache } from "./regex-cache.ts";
import { type Bindings, Run, type Surroundings } from "./run.ts";
import { parse } from "./syntax/parser.ts";

export interface CompileOptions {
  /**
   * The variables that runs will bind, without their `$`. "any" accepts every name; a run that reads one without a
   * binding then fails. None by default.
   */
  readonly variables?: readonly string[] | "any";
}

/** Limits other than the usual, and what a run may see of the world. */
export interface RunOptions extends Partial<Limits>, Surroundings {}

/** A compiled program. It holds nothing of its runs, so that it may be used again and again. */
export interface Program {
  /** All outputs. Throws `ExpressionError` and `ExpressionLimitError`. */
  run(input: Json, bindings?: Bindings, options?: RunOptions): Json[];
  /** The first output, without looking for others; undefined if there is none. Throws as `run` does. */
  first(input: Json, bindings?: Bindings, options?: RunOptions): Json | undefined;
}

/** Compiles a jq program. Throws `ExpressionSyntaxError`, and `ExpressionLimitError` for one that is too large. */
export function compile(source: string, options: CompileOptions = {}): Program {
  const { variables = [] } = options;
  const known = variables === "any" ? variables : new Set(variables);
  return new CompiledProgram(withinStack(() => new Compiler(source, known).filter(parse(source), Scope.OUTERMOST)));
}

const NO_BINDINGS: Bindings = {};
const NO_SURROUNDINGS: Surroundings = {};

class CompiledProgram implements Program {
  readonly #filter: Filter;
  readonly #regexes = new RegexCache();

  constructor(filter: Filter) {
    this.#filter = filter;
  }

  run(input: Json, bindings: Bindings = NO_BINDINGS, options?: RunOptions): Json[] {
    const { one, each } = this.#filter;
    return withinStack(() => {
      const run = this.#begin(bindings, options);
      const frame = Frame.outermost(run);
      if (one !== null) return settled([one(input, frame)], run);
      const outputs: Json[] = [];
      each(input, frame, (value) => {
        run.charge(1);
        outputs.push(value);
      });
      run.grow(outputs.length);
      return settled(outputs, run);
    });
  }

  first(input: Json, bindings: Bindings = NO_BINDINGS, options?: RunOptions): Json | undefined {
    const { one, each } = this.#filter;
    return withinStack(() => {
      const run = this.#begin(bindings, options);
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

  #begin(bindings: Bindings, options: RunOptions | undefined): Run {
    if (options === undefined) return new Run(DEFAULT_LIMITS, this.#regexes, bindings, NO_SURROUNDINGS);
    return new Run({ ...DEFAULT_LIMITS, ...options }, this.#regexes, bindings, options);
  }
}

/** JavaScript's own limits, should they be met before ours, look like ours. */
function withinStack<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) {
      const limit = /call stack/i.test(error.message) ? "depth" : "textLength";
      throw new ExpressionLimitError(limit, DEFAULT_LIMITS[limit]);
    }
    if (error instanceof Stop) throw new ExpressionError("break");
    throw error;
  }
}
