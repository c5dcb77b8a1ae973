export { type Change, changesOf, readDeadLetter } from "./changes-of.ts";
export { type DeadLetterRow, deadLetterKey } from "./dead-letter-row.ts";
export { dispositionOf } from "./disposition-of.ts";
export { evolveInstance } from "./evolve-instance.ts";
export {
  type InstanceRow,
  instanceKey,
  readWaitEntry,
  type WaitSummary,
  waitEntry,
  waitsOf,
} from "./instance-row.ts";
export { eventKey, type LedgerRow, ledgerLines, readEventEntry } from "./ledger-row.ts";
export { lists } from "./lists.ts";
export { project, readRow } from "./project.ts";
export { aboutOf, isTimeEntry, timeRange } from "./time-entry.ts";
export { type ViewedTopic, viewedTopics, viewSpace } from "./view-space.ts";
