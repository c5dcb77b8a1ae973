export { type AttributeValue, attributeValue, type EventAllowance, eventAllowance } from "./attribute-value.ts";
export { nextCronMs } from "./cron.ts";
export { nearestName } from "./document/nearest-name.ts";
export { formatProblems } from "./document/problems.ts";
export type { WorkflowReference } from "./document/reading.ts";
export { durationMs } from "./duration.ts";
export { receivedEvent, sentEvent } from "./functions/asyncapi-event.ts";
export { selectionSetProblem } from "./functions/graphql.ts";
export { hasBody } from "./functions/unused-arguments.ts";
export type {
  Action,
  ActionCall,
  ActionMode,
  AsyncApiOperation,
  AuthDefinition,
  AuthScheme,
  Branch,
  Bundle,
  CallbackState,
  ContinueAs,
  CorrelationAttribute,
  DataSchema,
  Definition,
  ErrorDefinition,
  EventDefinition,
  EventFilter,
  EventState,
  EventSwitchState,
  ForeachState,
  FunctionDefinition,
  GraphQlField,
  InjectState,
  KnativeService,
  LogLevel,
  ModuleFunction,
  Next,
  OAuth2Definition,
  ODataEntitySet,
  OnError,
  OnEvents,
  OpenApiAnswer,
  OpenApiBody,
  OpenApiCallback,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiPart,
  OpenApiSecurity,
  OpenApiSecurityScheme,
  OpenApiStyle,
  OperationState,
  ParallelState,
  Problem,
  Produce,
  Retry,
  RetryStrategy,
  RpcMethod,
  ScalarType,
  Schedule,
  SleepState,
  State,
  SwitchState,
  ValueType,
  ValueTypes,
  WorkflowTimeout,
} from "./model.ts";
export { exchangesToken, propagatedHeader, propagatedHeaders, schemeProperty } from "./openapi/scheme-property.ts";
export { problemAt } from "./problem-at.ts";
export { broadcastsEvents } from "./properties/broadcast.ts";
export {
  type ConfigurationTexts,
  configured,
  putTogether,
  takeApart,
} from "./properties/bundle-configuration.ts";
export { areCloudEvents, type Channel, channelOf, type Direction } from "./properties/channels.ts";
export { baseUrlOf, baseUrlOfMember, clientProperty, spellingsOf } from "./properties/client-url.ts";
export type { ConfigurationNote } from "./properties/configuration-note.ts";
export { configurationNotes } from "./properties/configuration-notes.ts";
export {
  type ContentMode,
  type Destination,
  destinationOf,
  incomingPath,
  incomingTopics,
} from "./properties/destination.ts";
export { excludedHeaders } from "./properties/excluded-headers.ts";
export { type LifecycleSubject, lifecycleDestination } from "./properties/lifecycle.ts";
export { machineTopicProblems, topicProblems } from "./properties/machine-topics.ts";
export { propertyOf } from "./properties/properties.ts";
export { type TopicUse, topicsUsed } from "./properties/topics-used.ts";
export { type ReadResult, readDefinition } from "./read-definition.ts";
export { type FolderRead, readFolder } from "./read-folder.ts";
export { type RepeatingInterval, repeatingInterval } from "./repeating-interval.ts";
export { secretPath } from "./secret-path.ts";
export {
  actionsIn,
  eventsAwaitedByActionsIn,
  eventsAwaitedIn,
  namesArgument,
  typesProducedIn,
  waysOutOf,
} from "./state-parts.ts";
export type { Credentials, WantedDocument } from "./wanted-document.ts";
export { workflowIdInUri } from "./workflow-id.ts";
