import type { ActionCall } from "@antiphon/definition";
import { checkStart, hopsPassedOn } from "../instance/hops.ts";
import type { ActionState, ActiveInstance, FaultedInstance } from "../instance/instance.ts";
import type { Draft } from "../token/draft.ts";
import { answerOf, nothing, pending } from "./answer.ts";
import type { Call } from "./call.ts";
import { checkDetached } from "./detached.ts";
import { headersToPassOn } from "./headers-to-pass-on.ts";

/** Another instance performs it, started with the input; its data is the result when it ends. */
export function subflowCall(call: Extract<ActionCall, { kind: "subflow" }>, place: string): Call {
  const { workflow, version, async: isAsync, onParentComplete } = call;
  return (visit, input) => {
    const action = visit.action(place);
    if (action !== undefined) return answerOf(action, visit, place);
    if (isAsync) checkDetached(visit);
    const { instance, variables, draft } = visit;
    const { family } = instance;
    const root = rootOf(instance);
    const attempt = visit.attempt(place);
    const come = hopsPassedOn(instance, visit.env.nowMs);
    checkStart(visit.env, family ?? root.instance, (come.hops ?? 0) + 1);
    visit.emit({
      type: "ChildRequested",
      action: visit.id(place),
      ...(attempt > 1 && { attempt }),
      child: visit.env.childId(instance.id, `${visit.id(place)}/${attempt}`),
      workflow,
      ...(version !== undefined && { version }),
      data: input,
      ...(Object.keys(variables).length > 0 && { variables }),
      ...come,
      ...(family !== undefined && family !== root.instance && { family }),
      ...headersToPassOn(draft),
      root,
      ...(isAsync ? { detached: onParentComplete } : isAwaited(draft) && { tellsRest: true }),
    });
    return isAsync ? nothing : pending;
  };
}

/** The instances that performed actions and failed at that, by the action's id: each can be mended. */
export function failedChildren(actions: Readonly<Record<string, ActionState>>): ReadonlyMap<string, string> {
  const children = new Map<string, string>();
  for (const [action, state] of Object.entries(actions)) {
    const child = state.status === "failed" ? state.error.child : undefined;
    if (child !== undefined && !child.aborted) children.set(action, child.instance);
  }
  return children;
}

/** Asks the instances that failed to go on where they did: what they have done already is not done again. */
export function retriggerChildren(draft: Draft, { actions, attempts }: FaultedInstance): void {
  for (const [action, child] of failedChildren(actions)) {
    const attempt = attempts?.[action];
    draft.emit({
      type: "ChildRetriggered",
      action,
      ...(attempt !== undefined && { attempt }),
      child,
      root: rootOf(draft.active),
      ...(isAwaited(draft) && { tellsRest: true }),
    });
  }
}

function rootOf({ id, workflow, parent }: ActiveInstance) {
  return parent?.root ?? { instance: id, workflow };
}

/** Whether somebody waits for the instance to rest. */
function isAwaited({ active: { reply, parent }, asker }: Draft): boolean {
  return asker !== undefined || reply !== undefined || parent?.tellsRest === true;
}
