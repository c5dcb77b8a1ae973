export { LogUnavailableError, RecordTooLargeError, TopicMismatchError } from "./errors.ts";
export {
  type Appended,
  BATCH_BYTES_MAX,
  type Batch,
  type Committed,
  type Fact,
  type Log,
  type LogRecord,
  type Membership,
  type Message,
  type Owned,
  type TailOptions,
  type TopicSpec,
} from "./port.ts";
