import type { ReportRest } from "@antiphon/protocol";
import { isResting } from "../instance/summary.ts";
import type { Draft } from "../token/draft.ts";

/** Tells the action that has started this instance that it rests, if somebody waits for that; once. */
export function reportRest(draft: Draft): void {
  if (!draft.isActive || draft.active.parent?.tellsRest !== true || !isResting(draft.active)) return;
  const { tellsRest: _, ...parent } = draft.active.parent;
  draft.emit({ type: "RestReported", parent });
}

/** The instance that performs an action rests, and so whoever waits for this one to rest need not wait for its end. */
export function childRests(draft: Draft, { action, attempt = 1 }: ReportRest): void {
  const { actions, attempts } = draft.active;
  const pending = actions[action];
  if (pending?.status !== "pending" || pending.isResting || attempt !== (attempts?.[action] ?? 1)) return;
  draft.emit({ type: "ActionRested", action });
}
