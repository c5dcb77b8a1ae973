import { illegal } from "../errors/workflow-fault.ts";
import type { Visit } from "../token/visit.ts";

/** The most actions of one instance that nobody waits for and that are under way at the same time. */
export const DETACHED_MAX = 1_000;

/** Throws `WorkflowFault` if there are as many of them as there may be: a loop may ask for more than is ever answered. */
export function checkDetached({ instance: { detached = {} }, where }: Visit): void {
  if (Object.keys(detached).length < DETACHED_MAX) return;
  const message = `expected at most ${DETACHED_MAX} actions under way that nobody waits for, found one more in ${where}`;
  throw illegal("too-many-detached", message);
}
