import {
  type Command,
  equalJson,
  type InstanceEvent,
  type Json,
  type ReplyTo,
  type ScheduleWorkflow,
} from "@antiphon/protocol";
import { FACT_DEPTH_MAX, isDeeper } from "./data/depth.ts";
import { merge } from "./data/merge.ts";
import type { Environment, Input } from "./environment.ts";
import { expired } from "./events/buffer.ts";
import { abort } from "./inputs/abort.ts";
import { completeAction, completeDetached } from "./inputs/complete-action.ts";
import { deliver, deliverEarly, deliverLate } from "./inputs/deliver.ts";
import { fireTimer, fireTimers } from "./inputs/fire-timers.ts";
import { moveToken } from "./inputs/move-token.ts";
import { refuseWait } from "./inputs/refuse-wait.ts";
import { childRests, reportRest } from "./inputs/report-rest.ts";
import { retrigger, takeMended } from "./inputs/retrigger.ts";
import { start } from "./inputs/start.ts";
import { isAwaited, missing, refused, resultAgain } from "./inputs/tell-parent.ts";
import type { ActiveInstance, EndedInstance, FaultedInstance, Instance } from "./instance/instance.ts";
import { isResting } from "./instance/summary.ts";
import { fireSchedule, setSchedule } from "./schedule/schedule.ts";
import { Draft } from "./token/draft.ts";
import type { Workflow } from "./workflow.ts";

/** What follows from an input, and the instance as that leaves it; absent: it has not been folded. */
export interface Decided {
  readonly events: readonly InstanceEvent[];
  readonly after?: Instance;
}

/**
 * What follows from an input, as facts; none if nothing does. A function of its arguments: asked again, with an instance
 * that was written and read back, it answers the same. Only an instance that starts or is active needs its workflow.
 * Throws an Error if the input cannot be decided: its workflow is not known, or does not fit. An instance that cannot
 * start is a failure of the action that asks for it, where one does.
 */
export function decide(
  workflow: Workflow | undefined,
  instance: Instance,
  input: Input,
  env: Environment,
): readonly InstanceEvent[] {
  return decideAndFold(workflow, instance, input, env).events;
}

/** The same, with the instance that comes of it, where that need not be folded again. */
export function decideAndFold(
  workflow: Workflow | undefined,
  instance: Instance,
  input: Input,
  env: Environment,
): Decided {
  try {
    const decided = decision(workflow, instance, input, env);
    return "events" in decided ? decided : { events: decided };
  } catch (error) {
    if (instance.status !== "absent" || input.type !== "StartInstance" || !isAwaited(input.parent)) throw error;
    return { events: [refused(input.parent, "no-start", (error as Error).message)] };
  }
}

function decision(
  workflow: Workflow | undefined,
  instance: Instance,
  input: Input,
  env: Environment,
): Decided | readonly InstanceEvent[] {
  if (input.type !== "ReachTime" && isDeeper(input as unknown as Json, FACT_DEPTH_MAX)) {
    throw new Error(`${input.type}: expected it nested at most ${FACT_DEPTH_MAX} levels deep, found more`);
  }
  switch (instance.status) {
    case "scheduled":
      if (input.type === "ReachTime") return fireSchedule(instance, env);
      return input.type === "ScheduleWorkflow" ? setSchedule(instance, scheduleOf(workflow, input), env.nowMs) : [];
    case "absent":
      if (input.type === "ScheduleWorkflow") return setSchedule(instance, scheduleOf(workflow, input), env.nowMs);
      if (input.type === "ReachTime") return expired(instance.buffer, env.nowMs);
      if (input.type === "DeliverEvent") return [deliverEarly(instance, input, env.nowMs)];
      if (input.type === "RetriggerInstance") return resultAgain(instance, input);
      if (input.type !== "StartInstance") return [];
      if (workflow === undefined && isAwaited(input.parent)) return [missing(input, input.parent)];
      return decisionOf(known(workflow, input.workflow), instance, input, env, (draft) => {
        start(draft, input);
        reportRest(draft);
      });
    case "active":
      return decisionOf(known(workflow, instance.workflow), instance, input, env, (draft) => {
        act(draft, instance, input);
        promiseAnswer(draft);
        reportRest(draft);
      });
    case "faulted":
      return decisionOf(known(workflow, instance.workflow), instance, input, env, (draft) => {
        repair(draft, instance, input);
        promiseAnswer(draft);
        reportRest(draft);
      });
    case "completed":
    case "aborted":
      if (input.type === "DeliverEvent") return [deliverLate(instance, input)];
      return input.type === "RetriggerInstance" ? resultAgain(instance, input) : repeatedStart(instance, input);
  }
}

function act(draft: Draft, instance: ActiveInstance, input: Input): void {
  switch (input.type) {
    case "ReachTime":
      fireTimers(draft);
      if (draft.isActive) draft.emit(...expired(draft.active.buffer, draft.env.nowMs));
      break;
    case "StartInstance":
      draft.emit(...repeatedStart(instance, input));
      break;
    case "DeliverEvent":
      deliver(draft, input);
      break;
    case "CompleteAction":
      completeAction(draft, input);
      break;
    case "RefuseWait":
      refuseWait(draft, input);
      break;
    case "AbortInstance":
      abort(draft, instance, input);
      break;
    case "ReplaceData":
      draft.change(input.data);
      break;
    case "MergeData":
      draft.change(merge(input.data, instance.data));
      break;
    case "MoveToken":
      moveToken(draft, instance, input);
      break;
    case "FireTimer":
      fireTimer(draft, input.timer);
      break;
    case "ReportRest":
      childRests(draft, input);
      break;
    case "RetriggerInstance":
      // Somebody else has set it going already; what it comes to is awaited again.
      if (input.parent !== undefined) draft.emit({ type: "ResultAwaited", parent: input.parent });
      break;
    case "ScheduleWorkflow":
      break;
  }
}

/** What an instance that has failed can be asked: its data may be mended, and it may go on or be given up. */
function repair(draft: Draft, instance: FaultedInstance, input: Input): void {
  switch (input.type) {
    case "RetriggerInstance":
      retrigger(draft, instance, input);
      break;
    case "MoveToken":
      moveToken(draft, instance, input);
      break;
    case "ReplaceData":
    case "MergeData": {
      const data = input.type === "ReplaceData" ? input.data : merge(input.data, instance.data);
      if (!equalJson(data, instance.data)) draft.emit({ type: "DataChanged", data });
      break;
    }
    case "AbortInstance":
      abort(draft, instance, input);
      break;
    case "DeliverEvent":
      draft.emit(deliverLate(instance, input));
      break;
    case "StartInstance":
      draft.emit(...repeatedStart(instance, input));
      break;
    case "CompleteAction":
      completeDetached(draft, instance, input);
      takeMended(draft, instance, input);
      break;
    case "ReachTime":
    case "RefuseWait":
    case "FireTimer":
    case "ReportRest":
    case "ScheduleWorkflow":
      break;
  }
}

/** Who sets an instance going, and is to be answered when it rests; undefined: nobody. */
function askerOf(input: Input): ReplyTo | undefined {
  switch (input.type) {
    case "RetriggerInstance":
    case "MoveToken":
    case "FireTimer":
    case "AbortInstance":
      return input.reply;
    default:
      return undefined;
  }
}

/** Promises that answer, unless the instance rests already, or owes another one. */
function promiseAnswer(draft: Draft): void {
  if (draft.asker === undefined || !draft.isActive) return;
  if (draft.active.reply !== undefined || isResting(draft.active)) return;
  draft.emit({ type: "AnswerPromised", reply: draft.asker });
}

function scheduleOf(workflow: Workflow | undefined, { definition }: ScheduleWorkflow) {
  const schedule = workflow?.definition.schedule;
  if (workflow === undefined || schedule === undefined || definition === undefined) return undefined;
  return { workflow: workflow.definition.id, definition, schedule };
}

/**
 * An order to start what has been started. With an event it is the same event, or there would be another id. Somebody who
 * waits for an answer is told, unless it is his own order that came twice.
 */
function repeatedStart(
  instance: ActiveInstance | FaultedInstance | EndedInstance,
  input: Input,
): readonly InstanceEvent[] {
  if (input.type !== "StartInstance") return [];
  if (input.event === undefined) {
    const isSame = input.reply === undefined || equalJson({ ...input.reply }, { ...instance.reply });
    return isSame ? [] : [{ type: "StartIgnored" }];
  }
  const { event } = input.event;
  const reason = "it has started this instance already";
  return [{ type: "EventIgnored", event, disposition: "duplicate", reason, found: { by: "instance" } }];
}

function decisionOf(
  workflow: Workflow,
  instance: Instance,
  input: Input,
  env: Environment,
  act: (draft: Draft) => void,
): Decided {
  const draft = new Draft(workflow, instance, env, askerOf(input));
  act(draft);
  return { events: draft.events, after: draft.instance };
}

function known(workflow: Workflow | undefined, id: Command["instance"]): Workflow {
  if (workflow === undefined) throw new Error(`expected the definition of workflow ${JSON.stringify(id)}, found none`);
  return workflow;
}
