export { ExpressionError, ExpressionLimitError, ExpressionSyntaxError } from "./errors.ts";
export { type Expression, type ReadOptions, readExpression, unwrap } from "./expression.ts";
export { type CompileOptions, compile, type Program, type RunOptions } from "./jq/program.ts";
export type { Bindings, Surroundings } from "./jq/run.ts";
export type { Limits } from "./limits.ts";
export { outputsToJson, outputsToList, outputsToText } from "./outputs.ts";
export { targetPath } from "./target-path.ts";
