import { excludedHeaders } from "@antiphon/definition";
import {
  attributeOf,
  type Command,
  familyOf,
  hopsOf,
  type InstanceTimeout,
  type Json,
  refOf,
  type StartInstance,
} from "@antiphon/protocol";
import { CATCH_ALL, WorkflowFault } from "../errors/workflow-fault.ts";
import { DecisionTooLargeError } from "../language/budget.ts";
import { startVariables } from "../language/variables.ts";
import { advance } from "../token/advance.ts";
import { fail } from "../token/closing.ts";
import type { Draft } from "../token/draft.ts";
import { enter } from "../token/enter.ts";
import { WORKFLOW_TIMER } from "../token/workflow-timeout.ts";
import type { Workflow } from "../workflow.ts";
import { startingValues } from "./start-values.ts";

type Start = Extract<Command, StartInstance>;

/** Starts an instance, by request or by an event, and runs it until it rests. */
export function start(draft: Draft, command: Start): void {
  const { definition, keepsInput, keepsResult } = draft.workflow;
  const { event } = command.event ?? {};
  const { data, fault: filterFault } = startData(draft, command);
  const businessKey = command.businessKey ?? (event && attributeOf(event, "kogitobusinesskey"));
  const { variables, parent } = command;
  if (parent !== undefined && !parent.detached) checkInput(draft, data);
  const { timeout, fault = filterFault } = timeoutOf(draft, command, data);
  const failure = fault && draft.failure(fault.error);
  const referenceId = event
    ? attributeOf(event, "kogitoprocinstanceid")
    : (command.referenceId ?? (command.headersPassedOn ? undefined : command.headers["x-kogito-referenceid"]));
  const hops = event ? hopsOf(event) + 1 : command.hops;
  const family = event ? familyOf(event) : command.family;
  // A subflow was counted when it was asked for.
  if (parent === undefined) checkFamily(draft, command.instance, family, hops);
  const startFrom = command.startFrom ?? (event && attributeOf(event, "kogitoprocstartfrom"));
  draft.emit({
    type: "InstanceStarted",
    instance: command.instance,
    workflow: definition.id,
    version: definition.version,
    definition: pinned(command),
    data,
    ...(keepsInput && { keepsInput }),
    ...(keepsResult && { keepsResult }),
    ...(businessKey !== undefined && { businessKey }),
    headers: command.headersPassedOn ? keptHeaders(draft, command.headers) : command.headers,
    correlation: startingValues(draft.workflow, command),
    ...(event && { startedBy: refOf(event) }),
    ...(referenceId !== undefined && { referenceId }),
    ...(hops !== undefined && { hops }),
    ...(family !== undefined && { family }),
    ...(variables && { variables }),
    ...(parent && { parent }),
    ...(timeout && { timeout }),
    ...(startFrom !== undefined && { startFrom }),
    ...(command.once && { once: command.once }),
    // Who sent an event is told at once that it started an instance.
    ...(command.reply && !event && { reply: command.reply }),
  });
  if (timeout) draft.emit({ type: "TimerStarted", timer: WORKFLOW_TIMER, dueMs: timeout.dueMs });
  enter(draft, startingState(draft.workflow, startFrom));
  if (failure === undefined) begin(draft);
  else draft.emit(...fail(draft.active, { type: "InstanceFaulted", error: failure }));
}

/** Where all that follows at once is more than a record can hold, the instance stands where it began, and has failed. */
function begin(draft: Draft): void {
  const mark = draft.mark();
  try {
    advance(draft);
  } catch (error) {
    if (!(error instanceof DecisionTooLargeError)) throw error;
    draft.backTo(mark);
    draft.failed.length = 0;
    const { code, message } = error;
    draft.emit(...fail(draft.active, { type: "InstanceFaulted", error: { code, message, classes: CATCH_ALL } }));
  }
}

/** The data of a request is checked where it comes in; another instance's comes in here. */
function checkInput({ workflow: { definition }, env }: Draft, data: Json): void {
  const { dataInputSchema: input } = definition;
  const problem = input?.failOnValidationErrors ? env.conforms?.(input.schema, data) : undefined;
  if (problem !== undefined) throw new Error(problem);
}

/** Headers that another instance passes on, without those that the author of this workflow wants kept nowhere. */
function keptHeaders({ workflow }: Draft, headers: Start["headers"]): Start["headers"] {
  const excluded = excludedHeaders(workflow.definition);
  if (excluded.size === 0) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !excluded.has(name)));
}

/** What starts itself again and again must come to an end: somebody counts what one instance has led to. */
function checkFamily({ env }: Draft, instance: string, family: string | undefined, hops = 1): void {
  const problem = family === undefined || family === instance ? undefined : env.refusesStart?.(family, hops);
  if (problem !== undefined) throw new Error(problem);
}

function pinned({ definition, workflow }: Start): string {
  if (definition !== undefined) return definition;
  throw new Error(`expected the hash of the definition of workflow ${JSON.stringify(workflow)}, found none`);
}

/** When its time is up: as whoever starts it says, else as its definition does. */
function timeoutOf(
  draft: Draft,
  { instance, timeout }: Start,
  data: Json,
): { readonly timeout?: InstanceTimeout; readonly fault?: WorkflowFault } {
  const { workflow, env } = draft;
  if (timeout !== undefined) return { timeout };
  if (workflow.timeout === undefined) return {};
  try {
    return { timeout: workflow.timeout(env.nowMs)(data, startVariables(draft, instance)) };
  } catch (error) {
    if (error instanceof WorkflowFault) return { fault: error };
    throw error;
  }
}

function startingState({ definition, states }: Workflow, startFrom: string | undefined): string {
  if (startFrom === undefined) return definition.start;
  const state = states.get(startFrom)?.state;
  if (state !== undefined && !state.usedForCompensation) return startFrom;
  const found = `found ${JSON.stringify(startFrom)} to start from`;
  throw new Error(`expected the name of a state of workflow ${JSON.stringify(definition.id)}, ${found}`);
}

/** The data that it starts with; if an event's filter fails, the event's own data, and the fault. */
function startData(draft: Draft, { instance, data, event }: Start): { data: Json; fault?: WorkflowFault } {
  const { startData, definition } = draft.workflow;
  if (event === undefined) {
    if (startData === undefined) return { data };
    throw new Error(`workflow ${JSON.stringify(definition.id)} starts with an event, found a request to start it`);
  }
  const filter = startData?.(event.event);
  if (filter === undefined) {
    const type = JSON.stringify(event.event.type);
    throw new Error(`workflow ${JSON.stringify(definition.id)} is not started by an event of type ${type}`);
  }
  try {
    return { data: filter({}, startVariables(draft, instance)) };
  } catch (error) {
    if (error instanceof WorkflowFault) return { data: event.event.data ?? {}, fault: error };
    throw error;
  }
}
