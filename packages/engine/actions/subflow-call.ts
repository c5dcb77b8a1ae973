import type { ActionCall } from "@antiphon/definition";
import type { Visit } from "../token/visit.ts";
import { answerOf, nothing, pending } from "./answer.ts";
import type { Call } from "./call.ts";
import { checkDetached } from "./detached.ts";

/** Whether somebody waits for the instance to rest. */
function isAwaited({ draft: { asker }, instance: { reply, parent } }: Visit): boolean {
  return asker !== undefined || reply !== undefined || parent?.tellsRest === true;
}

/** Another instance performs it, started with the input; its data is the result when it ends. */
export function subflowCall(call: Extract<ActionCall, { kind: "subflow" }>, place: string): Call {
  const { workflow, version, async: isAsync, onParentComplete } = call;
  return (visit, input) => {
    const action = visit.action(place);
    if (action !== undefined) return answerOf(action, visit, place);
    if (isAsync) checkDetached(visit);
    const { instance, variables } = visit;
    const attempt = visit.attempt(place);
    visit.emit({
      type: "ChildRequested",
      action: visit.id(place),
      ...(attempt > 1 && { attempt }),
      child: visit.env.childId(instance.id, `${visit.id(place)}/${attempt}`),
      workflow,
      ...(version !== undefined && { version }),
      data: input,
      ...(Object.keys(variables).length > 0 && { variables }),
      ...(instance.hops !== undefined && { hops: instance.hops }),
      root: instance.parent?.root ?? { instance: instance.id, workflow: instance.workflow },
      ...(isAsync ? { detached: onParentComplete } : isAwaited(visit) && { tellsRest: true }),
    });
    return isAsync ? nothing : pending;
  };
}
