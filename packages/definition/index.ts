export { nearestName } from "./document/nearest-name.ts";
export { formatProblems } from "./document/problems.ts";
export { durationMs } from "./duration.ts";
export type {
  Action,
  Bundle,
  CallbackState,
  CorrelationAttribute,
  Definition,
  ErrorDefinition,
  EventDefinition,
  EventFilter,
  EventState,
  FunctionDefinition,
  InjectState,
  LogLevel,
  Next,
  OnError,
  OnEvents,
  OpenApiCallback,
  OpenApiOperation,
  OpenApiParameter,
  OperationState,
  Problem,
  Produce,
  SleepState,
  State,
  SwitchState,
} from "./model.ts";
export { baseUrlOf, topicOf } from "./properties/channels.ts";
export { propertyOf } from "./properties/properties.ts";
export { type ReadResult, readDefinition } from "./read-definition.ts";
export { readFolder } from "./read-folder.ts";
export { actionsIn, eventsAwaitedIn, waysOutOf } from "./state-parts.ts";
