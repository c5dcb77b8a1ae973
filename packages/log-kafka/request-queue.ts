import { createRequire } from "node:module";

type Schedule = (this: { readonly pending: readonly unknown[] }) => void;

const METHOD = "scheduleCheckPendingRequests";

/** Marks the queues that have been seen to. */
const mended = new WeakSet<object>();

/**
 * kafkajs 2.2.4 sets a timer in the past after each answer, and again from that timer, once a millisecond for as long as a
 * connection lives: several per cent of a core when nothing happens, and Node's TimeoutNegativeWarning. The timer is
 * needed while requests wait in the queue, and only then (tulios/kafkajs#1604, #1751).
 */
export function restIdleRequestQueues(): void {
  const queue: unknown = createRequire(import.meta.url)("kafkajs/src/network/requestQueue/index.js");
  const prototype: unknown = typeof queue === "function" ? queue.prototype : undefined;
  if (!hasSchedule(prototype))
    throw new Error("expected kafkajs 2.2.4, whose request queues check for what is pending");
  if (mended.has(prototype)) return;
  mended.add(prototype);
  const schedule = prototype[METHOD];
  prototype[METHOD] = function scheduleIfPending() {
    if (this.pending.length > 0) schedule.call(this);
  };
}

function hasSchedule(prototype: unknown): prototype is { [METHOD]: Schedule } {
  return typeof prototype === "object" && prototype !== null && METHOD in prototype;
}
