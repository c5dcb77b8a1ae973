import type { Command, CorrelationEvent, CorrelationInput, Decision, InstanceEvent } from "@antiphon/protocol";

type Kinds<Name extends PropertyKey> = Readonly<Record<Name, true>>;

/** Every kind of fact about an instance. The compiler wants each here, and the test in a recording. */
export const INSTANCE_FACTS: Kinds<InstanceEvent["type"]> = {
  ActionCancelled: true,
  ActionCompleted: true,
  ActionFailed: true,
  ActionRequested: true,
  ActionRested: true,
  ActionRetried: true,
  AnswerPromised: true,
  BranchEnded: true,
  BranchStarted: true,
  ChildRequested: true,
  ChildRetriggered: true,
  CompensationEnded: true,
  CompensationStarted: true,
  DataChanged: true,
  ErrorCaught: true,
  EventAwaited: true,
  EventBuffered: true,
  EventIgnored: true,
  EventProduced: true,
  EventReceived: true,
  EventTaken: true,
  ForkJoined: true,
  ForkStarted: true,
  InstanceAborted: true,
  InstanceCompleted: true,
  InstanceContinued: true,
  InstanceFaulted: true,
  InstanceRetriggered: true,
  InstanceStarted: true,
  MessageLogged: true,
  RestReported: true,
  ResultAwaited: true,
  ResultReturned: true,
  ScheduleEnded: true,
  ScheduleFired: true,
  ScheduleMissed: true,
  ScheduleSet: true,
  StartIgnored: true,
  StateEntered: true,
  StateLeft: true,
  TimerCancelled: true,
  TimerFired: true,
  TimerStarted: true,
  TokenMoved: true,
  WaitClosed: true,
};

/** Every kind of fact about a correlation key. */
export const KEY_FACTS: Kinds<CorrelationEvent["type"]> = {
  EventDropped: true,
  EventHeld: true,
  EventMatched: true,
  EventsForgotten: true,
  WaitRefused: true,
  WaitRegistered: true,
  WaitRemoved: true,
  WaitReturned: true,
};

/** Every kind of order to an instance. */
export const COMMANDS: Kinds<Command["type"]> = {
  AbortInstance: true,
  CompleteAction: true,
  DeliverEvent: true,
  FireTimer: true,
  MergeData: true,
  MoveToken: true,
  RefuseWait: true,
  ReplaceData: true,
  ReportRest: true,
  RetriggerInstance: true,
  ScheduleWorkflow: true,
  StartInstance: true,
};

/** Every kind of input of a correlation key. */
export const KEY_INPUTS: Kinds<CorrelationInput["type"]> = {
  CloseWait: true,
  OfferEvent: true,
  OpenWait: true,
  RefuseEvent: true,
  ReturnWait: true,
};

/** Whatever a decision may say beside its facts. */
export const DECISION_MEMBERS: Kinds<keyof Decision<unknown>> = {
  atMs: true,
  beginning: true,
  checkpoint: true,
  events: true,
  forgotten: true,
  from: true,
  input: true,
  partition: true,
  previous: true,
  rejected: true,
  reply: true,
};
