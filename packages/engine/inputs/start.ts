import { attributeOf, type Command, type Json, refOf, type StartInstance } from "@antiphon/protocol";
import { WorkflowFault } from "../errors/workflow-fault.ts";
import { startVariables } from "../language/variables.ts";
import { advance, enter } from "../token/advance.ts";
import { end } from "../token/closing.ts";
import type { Draft } from "../token/draft.ts";
import { startingValues } from "./start-values.ts";

type Start = Extract<Command, StartInstance>;

/** Starts an instance, by request or by an event, and runs it until it rests. */
export function start(draft: Draft, command: Start): void {
  const { definition, keepsInput, keepsResult } = draft.workflow;
  const { event } = command.event ?? {};
  const { data, fault } = startData(draft, command);
  const businessKey = command.businessKey ?? (event && attributeOf(event, "kogitobusinesskey"));
  const referenceId = event ? attributeOf(event, "kogitoprocinstanceid") : command.headers["x-kogito-referenceid"];
  draft.emit({
    type: "InstanceStarted",
    instance: command.instance,
    workflow: definition.id,
    version: definition.version,
    definition: command.definition,
    data,
    ...(keepsInput && { keepsInput }),
    ...(keepsResult && { keepsResult }),
    ...(businessKey !== undefined && { businessKey }),
    headers: command.headers,
    correlation: startingValues(draft.workflow, command),
    ...(event && { startedBy: refOf(event) }),
    ...(referenceId !== undefined && { referenceId }),
    // Who sent an event is told at once that it started an instance.
    ...(command.reply && !event && { reply: command.reply }),
  });
  enter(draft, definition.start);
  if (fault === undefined) advance(draft);
  else draft.emit(...end(draft.active, { type: "InstanceFaulted", error: fault.error }));
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
