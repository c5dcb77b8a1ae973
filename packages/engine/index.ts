export { VISITS_PER_DECISION_MAX } from "./advance.ts";
export { BUFFER_MS, BUFFERED_EVENTS_MAX, BUFFERED_LENGTH_MAX } from "./buffer.ts";
export { fault } from "./closing.ts";
export { decide } from "./decide.ts";
export type { Environment, Input } from "./environment.ts";
export { evolve } from "./evolve.ts";
export {
  type AbsentInstance,
  type ActiveInstance,
  absent,
  type BufferedEvent,
  type EndedInstance,
  type Instance,
  type SeenEvent,
  type Token,
} from "./instance.ts";
export { merge } from "./merge.ts";
export { dueMs, isResting, type OpenWait, openWaits, startAnswer } from "./summary.ts";
export { compile, type Workflow } from "./workflow.ts";
