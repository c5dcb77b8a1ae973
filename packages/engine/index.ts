export { isTooDeep } from "./data/depth.ts";
export { type Decided, decide, decideAndFold } from "./decide.ts";
export type { Environment, Input } from "./environment.ts";
export { BUFFER_MS, BUFFERED_EVENTS_MAX, BUFFERED_LENGTH_MAX } from "./events/buffer.ts";
export { evolve, evolveAll } from "./instance/evolve.ts";
export {
  type ActiveInstance,
  absent,
  type EndedInstance,
  type FaultedInstance,
  type Instance,
} from "./instance/instance.ts";
export { dueMs, endedMs, isResting, leftToUndo, type OpenWait, openWaits, startAnswer } from "./instance/summary.ts";
export { VISITS_PER_DECISION_MAX } from "./token/advance.ts";
export { fault } from "./token/closing.ts";
export { compile, type Workflow } from "./workflow.ts";
