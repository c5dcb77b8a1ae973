import type { InstanceEvent } from "@antiphon/protocol";
import { without } from "./entries.ts";
import { withBranch } from "./evolve-branch.ts";
import { type ActionState, type ActiveInstance, branchOf, type Detached } from "./instance.ts";
import { withSparse } from "./sparse.ts";

type Fact = Extract<InstanceEvent, { readonly type: `Action${string}` | "ChildRequested" }>;

/** An instance after a fact about one of its actions. */
export function actionEvolved(instance: ActiveInstance, event: Fact): ActiveInstance {
  const { action } = event;
  switch (event.type) {
    case "ActionRequested":
      if (event.detached) return withDetached(instance, action, { atEnd: "continue" });
      return withAction(instance, action, { status: "pending", function: event.function });
    case "ChildRequested": {
      const { child, detached } = event;
      if (detached !== undefined) return withDetached(instance, action, { child, atEnd: detached });
      return withAction(instance, action, { status: "pending", function: "", child });
    }
    case "ActionRested": {
      const state = instance.actions[action];
      return state?.status === "pending" ? withAction(instance, action, { ...state, isResting: true }) : instance;
    }
    case "ActionCompleted":
      return withoutDetached(instance, action) ?? completed(instance, event);
    case "ActionFailed":
      return (
        withoutDetached(instance, action) ?? withAction(instance, action, { status: "failed", error: event.error })
      );
    case "ActionCancelled":
      return withoutDetached(instance, action) ?? withAction(instance, action, { status: "cancelled" });
    case "ActionRetried": {
      const attempts = { ...instance.attempts, [action]: event.attempt };
      return withSparse({ ...instance, actions: without(instance.actions, action) }, "attempts", attempts);
    }
  }
}

function completed(
  instance: ActiveInstance,
  { action, output, http }: Extract<Fact, { type: "ActionCompleted" }>,
): ActiveInstance {
  const state: ActionState = { status: "completed", ...(output !== undefined && { output }) };
  const after = { ...withAction(instance, action, state), ...(http && { lastHttp: http }) };
  if (output === undefined || !instance.keepsResult) return after;
  const branch = branchOf(instance.branches, action);
  return branch === undefined ? { ...after, lastResult: output } : withBranch(after, branch, { lastResult: output });
}

function withAction(instance: ActiveInstance, action: string, state: ActionState): ActiveInstance {
  return { ...instance, actions: { ...instance.actions, [action]: state } };
}

function withDetached(instance: ActiveInstance, action: string, detached: Detached): ActiveInstance {
  return withSparse(instance, "detached", { ...instance.detached, [action]: detached });
}

/** An instance without an action that nobody waits for; undefined: it is none of those. */
function withoutDetached(instance: ActiveInstance, action: string): ActiveInstance | undefined {
  const { detached } = instance;
  if (detached?.[action] === undefined) return undefined;
  return withSparse(instance, "detached", without(detached, action));
}
