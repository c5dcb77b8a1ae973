export { ExpressionError, ExpressionLimitError, ExpressionSyntaxError } from "./errors.ts";
export { type CompileOptions, compile, type Program, type RunOptions } from "./jq/program.ts";
export type { Bindings, Surroundings } from "./jq/run.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
