import type { Json } from "@antiphon/protocol";
import type { Bindings, RunOptions } from "./jq/run.ts";

/**
 * A compiled expression, by what its result is wanted as. It holds nothing of its runs. All throw `ExpressionError`, and
 * `ExpressionLimitError`.
 */
export interface Evaluable {
  /** One value: null if jq has no output, an array if it has many. */
  json(input: Json, bindings?: Bindings, options?: RunOptions): Json;
  /** jq: outputs joined with spaces, null being nothing. JSONPath: paths joined with nothing. */
  text(input: Json, bindings?: Bindings, options?: RunOptions): string;
  /** jq: the one output is true. JSONPath: so is the value, or it is an array that is not empty. */
  truth(input: Json, bindings?: Bindings, options?: RunOptions): boolean;
  /** All outputs, arrays among them being their items; none if all there is is null. */
  list(input: Json, bindings?: Bindings, options?: RunOptions): readonly Json[];
}

/** Where a value is put that is assigned to an expression. */
export interface Target {
  /** The names that lead there from the root; none is the root. */
  readonly names: readonly string[];
  /** Whether the expression is that path, and nothing else. */
  readonly isPlain: boolean;
}
