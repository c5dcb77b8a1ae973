export { type Change, changesOf, readDeadLetter } from "./changes-of.ts";
export { type DeadLetterRow, deadLetterKey } from "./dead-letter-row.ts";
export { dispositionOf } from "./disposition-of.ts";
export { evolveInstance, type InstanceChange } from "./evolve-instance.ts";
export {
  type InstanceRow,
  type InstanceStatus,
  instanceKey,
  readWaitEntry,
  type WaitSummary,
  waitEntry,
  waitsOf,
} from "./instance-row.ts";
export { eventKey, type LedgerEntry, type LedgerRow, ledgerLines, readEventEntry } from "./ledger-row.ts";
export { lists } from "./lists.ts";
export { type Projected, project, readRow } from "./project.ts";
export { aboutOf, isTimeEntry, timeEntry, timeRange } from "./time-entry.ts";
export { type ViewedTopic, viewedTopics, viewSpace } from "./view-space.ts";
