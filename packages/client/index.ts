export type { FunctionArguments, FunctionContext, FunctionLog, WorkflowFunction } from "./workflow-function.ts";
