import type { Logs } from "./partition-facts.ts";

/** Each wait that was opened is resolved or closed, once; no timer has fired before its time. */
export function waitProblems({ history }: Logs): readonly string[] {
  const problems: string[] = [];
  const open = new Map<string, boolean>();
  const due = new Map<string, number>();
  for (const { key, decision } of history.flatMap(({ facts }) => facts)) {
    for (const event of decision.events) {
      switch (event.type) {
        case "EventAwaited":
          if (open.has(`${key} ${event.wait}`)) problems.push(`wait ${event.wait} of ${key} was opened twice`);
          open.set(`${key} ${event.wait}`, true);
          break;
        case "EventReceived":
        case "WaitClosed":
          if (open.get(`${key} ${event.wait}`) !== true)
            problems.push(`wait ${event.wait} of ${key} ended, and was not open`);
          open.set(`${key} ${event.wait}`, false);
          break;
        case "TimerStarted":
          due.set(`${key} ${event.timer}`, event.dueMs);
          break;
        case "TimerFired": {
          const dueMs = due.get(`${key} ${event.timer}`);
          if (dueMs === undefined || decision.atMs < dueMs)
            problems.push(`timer ${event.timer} of ${key} fired at ${decision.atMs}, due at ${dueMs}`);
          break;
        }
        default:
      }
    }
  }
  for (const [wait, isOpen] of open) if (isOpen) problems.push(`wait ${wait} is left open`);
  return problems;
}
