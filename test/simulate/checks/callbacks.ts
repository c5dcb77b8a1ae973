import type { Instance } from "@antiphon/engine";
import type { CloudEvent } from "@antiphon/protocol";
import { DOMAINS } from "./domains.ts";
import type { Logs } from "./partition-facts.ts";

/** Somebody comes too late, with an event that nobody has seen. */
const STRANGER: CloudEvent = { specversion: "1.0", id: "after-the-end", source: "services", type: "late" };

/** The token of each wait that there ever was opens nothing any more: its wait says why, and nothing changes. */
export function callbackProblems(instances: ReadonlyMap<string, Instance>, { history }: Logs): readonly string[] {
  const problems: string[] = [];
  for (const { key, decision } of history.flatMap(({ facts }) => facts)) {
    for (const event of decision.events) {
      if (event.type !== "EventAwaited" || key === null) continue;
      const { wait } = event;
      const order = { type: "DeliverEvent", instance: key, event: STRANGER, found: { by: "token", wait } } as const;
      const [first, ...more] = DOMAINS.instances.decide(
        instances.get(key) ?? DOMAINS.instances.absent,
        order,
        decision.atMs,
      );
      const isRefused = first?.type === "EventIgnored" && (first.refused === "used" || first.refused === "closed");
      if (!isRefused || more.length > 0) {
        problems.push(
          `the token of wait ${wait} of instance ${key} is still good: ${first?.type}, ${JSON.stringify(first)}`,
        );
      }
    }
  }
  return problems;
}
