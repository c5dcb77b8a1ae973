import type { Draft } from "./draft.ts";

/** Enters a state: its steps are run by `advance`. */
export function enter(draft: Draft, state: string): void {
  draft.emit({ type: "StateEntered", state, visit: draft.active.visits + 1 });
}
