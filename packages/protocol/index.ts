export type { ActionRequested, ChildRequested, ChildRetriggered } from "./action-event.ts";
export {
  attributeOf,
  type CloudEvent,
  CloudEventError,
  type EventRef,
  readCloudEvent,
  refOf,
} from "./cloud-event.ts";
export type {
  AbortInstance,
  ActionOutcome,
  Command,
  CommandEnvelope,
  CompleteAction,
  DeliverEvent,
  FailedChild,
  FireTimer,
  FoundBy,
  MergeData,
  MoveToken,
  ParentAction,
  RefuseWait,
  ReplaceData,
  ReportRest,
  RetriggerInstance,
  ScheduleWorkflow,
  StartInstance,
  StartOnce,
  WorkflowError,
} from "./command.ts";
export { isJsonType } from "./content-type.ts";
export type { Continuation, InstanceTimeout } from "./continuation.ts";
export type { Cardinality, CorrelationEvent, CorrelationInput, KeyedWait } from "./correlation-event.ts";
export { attributesOfKey, BUSINESS_KEY_ATTRIBUTE, broadcastKey, correlationKey, TENANT } from "./correlation-key.ts";
export { checkData, DATA_BYTES_MAX, DATA_DEPTH_MAX, loneSurrogate, readData, UnfitDataError } from "./data.ts";
export type { DeadLetter, DeadLetterRecord, LetterAddress, Redriven, RedriveOutcome } from "./dead-letter.ts";
export type {
  Checkpoint,
  Decision,
  Disposition,
  PartitionCheckpoint,
  PastDecision,
  Rejection,
  ReplyTo,
  Stamp,
} from "./decision.ts";
export { eventIn, isEventShaped } from "./event-in.ts";
export { FAMILY_ATTRIBUTE, familyOf, HOP_REGAIN_MS, HOPS_ATTRIBUTE, HOPS_MAX, hopsOf } from "./hops.ts";
export { INSTANCE_ATTRIBUTES, instanceOf } from "./instance-attribute.ts";
export type {
  AfterCompensation,
  AwaitedEvent,
  BranchStarted,
  EventAwaited,
  EventIgnored,
  EventProduced,
  InstanceEvent,
} from "./instance-event.ts";
export {
  type ExactNumber,
  equalJson,
  exactNumber,
  formatJson,
  isExactNumber,
  isJsonObject,
  JSON_DEPTH_MAX,
  type Json,
  type JsonObject,
  JsonSyntaxError,
  parseJson,
} from "./json.ts";
export { bytesWithin } from "./json-bytes.ts";
export { kindOf } from "./kind-of.ts";
export { INSTANCE_ID_LENGTH_MAX, readCommand } from "./read-command.ts";
export { readDecision } from "./read-decision.ts";
export {
  type Content,
  contentTypeIn,
  dataIn,
  type EventMessage,
  hasEventHeaders,
  isEventHeader,
  readDocument,
  readEvent,
} from "./read-event.ts";
export type { Reply } from "./reply.ts";
export type { ScheduleEvent, StartTimes } from "./schedule-event.ts";
export { isSpent, SPENT_GROUP_MAX, type SpentEvents, withoutPast, withoutSpent, withSpent } from "./spent-events.ts";
export type { Slice, TimerEvent } from "./timer-event.ts";
export { DEAD_LETTERS_MS, isMachineTopic, type TopicLayout, topicLayout, topics } from "./topics.ts";
export { type HeaderPrefix, type WrittenEvent, writeEvent } from "./write-event.ts";
