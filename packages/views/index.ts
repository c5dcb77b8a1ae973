export { type Change, changesOf, readDeadLetter } from "./changes-of.ts";
export {
  type DeadLetterRow,
  type DeadLetterState,
  deadLetterKey,
  deadLetterLines,
  deadLetterState,
  evolveDeadLetter,
} from "./dead-letter-row.ts";
export { dispositionOf, isDead, isTaken } from "./disposition-of.ts";
export { evolveInstance } from "./evolve-instance.ts";
export {
  type InstanceRow,
  instanceKey,
  readWaitEntry,
  type WaitSummary,
  waitEntry,
  waitsOf,
} from "./instance-row.ts";
export { eventKey, evolveLedger, isHeld, type LedgerRow, ledgerLines, readEventEntry } from "./ledger-row.ts";
export { ledgerRows, ledgerSpaces, mergedRow } from "./ledger-rows.ts";
export { knownOf } from "./letter-fates.ts";
export { lists } from "./lists.ts";
export { loadRows } from "./load-rows.ts";
export { project, type Removal, readRow, removalOf } from "./project.ts";
export { slowestReader } from "./slowest-reader.ts";
export { aboutOf, isTimeEntry, timeRange } from "./time-entry.ts";
export { spacesOf, type ViewedTopic, viewedTopics, viewSpace } from "./view-space.ts";
