export { assignSticky } from "./assignment.ts";
export { assertBatchFits, recordBytes } from "./batch-size.ts";
export { beginningOf } from "./beginning-of.ts";
export { type EmbeddedLogOptions, embeddedLog } from "./embedded-log.ts";
export { LogUnavailableError, PlaceLostError, RecordTooLargeError, TopicMismatchError } from "./errors.ts";
export { Growth } from "./growth.ts";
export { type MemoryLogOptions, memoryLog } from "./memory-log.ts";
export { partitionOf } from "./partition-of.ts";
export { assertAppend, choosePartition, groupByPlace } from "./placing.ts";
export {
  type Appended,
  BATCH_BYTES_MAX,
  BATCH_RECORDS_MAX,
  type Batch,
  type Committed,
  type Fact,
  type LastRead,
  type Log,
  type LogRecord,
  type Membership,
  type Message,
  type Owned,
  type TailOptions,
  type TopicSpec,
} from "./port.ts";
export { errorOf, settledWithin } from "./settled-within.ts";
export { assertPartitions, assertSpec, FactualTopics, noSuchPartition, noSuchTopic } from "./topic-checks.ts";
