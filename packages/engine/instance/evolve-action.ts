import type { InstanceEvent } from "@antiphon/protocol";
import type { Copies } from "./entries.ts";
import { withBranch } from "./evolve-branch.ts";
import { branchOf } from "./ids.ts";
import type { ActionState, ActiveInstance, Detached, FaultedInstance } from "./instance.ts";
import { withSparse } from "./sparse.ts";

type Fact = Extract<InstanceEvent, { readonly type: `Action${string}` | `Child${string}` }>;

/** An instance after a fact about one of its actions. */
export function actionEvolved(instance: ActiveInstance, event: Fact, copies: Copies): ActiveInstance {
  const { action } = event;
  switch (event.type) {
    case "ActionRequested":
      if (event.detached) return withDetached(instance, action, { atEnd: "continue" }, copies);
      return withAction(instance, action, { status: "pending", function: event.function }, copies);
    case "ChildRequested": {
      const { child, detached } = event;
      if (detached !== undefined) return withDetached(instance, action, { child, atEnd: detached }, copies);
      return withAction(instance, action, { status: "pending", function: "", child }, copies);
    }
    case "ChildRetriggered": {
      const { attempt, child } = event;
      const { attempts = {} } = instance;
      const before = attempt === undefined ? copies.without(attempts, action) : copies.with(attempts, action, attempt);
      const asked = withAction(instance, action, { status: "pending", function: "", child }, copies);
      return withSparse(asked, "attempts", before, copies);
    }
    case "ActionRested": {
      const state = instance.actions[action];
      return state?.status === "pending"
        ? withAction(instance, action, { ...state, isResting: true }, copies)
        : instance;
    }
    case "ActionCompleted":
      return withoutDetached(instance, action, copies) ?? completed(instance, event, copies);
    case "ActionFailed":
      return (
        withoutDetached(instance, action, copies) ??
        withAction(instance, action, { status: "failed", error: event.error }, copies)
      );
    case "ActionCancelled":
      return withoutDetached(instance, action, copies) ?? withAction(instance, action, { status: "cancelled" }, copies);
    case "ActionRetried": {
      const attempts = copies.with(instance.attempts, action, event.attempt);
      return { ...instance, actions: copies.without(instance.actions, action), attempts };
    }
  }
}

function completed(
  instance: ActiveInstance,
  { action, output, http }: Extract<Fact, { type: "ActionCompleted" }>,
  copies: Copies,
): ActiveInstance {
  const state: ActionState = { status: "completed", ...(output !== undefined && { output }) };
  const after = { ...withAction(instance, action, state, copies), ...(http && { lastHttp: http }) };
  if (output === undefined || !instance.keepsResult) return after;
  const branch = branchOf(instance.branches, action);
  return branch === undefined
    ? { ...after, lastResult: output }
    : withBranch(after, branch, { lastResult: output }, copies);
}

function withAction(instance: ActiveInstance, action: string, state: ActionState, copies: Copies): ActiveInstance {
  return { ...instance, actions: copies.with(instance.actions, action, state) };
}

function withDetached(instance: ActiveInstance, action: string, detached: Detached, copies: Copies): ActiveInstance {
  return { ...instance, detached: copies.with(instance.detached, action, detached) };
}

/** An instance without an action that nobody waits for; undefined: it is none of those. */
export function withoutDetached<Held extends ActiveInstance | FaultedInstance>(
  instance: Held,
  action: string,
  copies: Copies,
): Held | undefined {
  if (instance.detached?.[action] === undefined) return undefined;
  return withSparse(instance, "detached", copies.without(instance.detached, action), copies);
}
