import type { RefuseWait } from "@antiphon/protocol";
import { keysOf } from "../instance/instance.ts";
import { advance } from "../token/advance.ts";
import type { Draft } from "../token/draft.ts";

/** A wait is not registered by its key: an error of its state, once that comes to take the event. */
export function refuseWait(draft: Draft, { wait, reason }: RefuseWait): void {
  const open = draft.active.waits[wait];
  if (open?.status !== "open") return;
  draft.emit({ type: "WaitClosed", wait, reason: "refused", refusal: reason, ...keysOf(open) });
  advance(draft);
}
