export { Allowance } from "./allowance.ts";
export { ExpressionError, ExpressionLimitError, ExpressionSyntaxError } from "./errors.ts";
export type { Evaluable, Target } from "./evaluable.ts";
export { type Expression, type ExpressionLanguage, type ReadOptions, readExpression, unwrap } from "./expression.ts";
export { type CompileOptions, compile, type Program } from "./jq/program.ts";
export type { Bindings, RunOptions, Surroundings } from "./jq/run.ts";
export type { Limits } from "./limits.ts";
