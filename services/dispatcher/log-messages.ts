import type { DecidedFact, Logger } from "@antiphon/processor";
import type { InstanceEvent } from "@antiphon/protocol";

/** Where workflows' own lines go; pino's shape. */
export type MessageLogger = Logger & Record<"trace" | "debug", Logger["info"]>;

/** Writes what workflows say (`sysout`) to the log of whoever runs them. */
export function logMessages(facts: readonly DecidedFact<InstanceEvent>[], logger: MessageLogger): void {
  for (const { key: instance, decision } of facts) {
    for (const event of decision.events) {
      if (event.type === "MessageLogged") logger[levelOf(event.level)]({ instance }, event.message);
    }
  }
}

function levelOf(level: string): "trace" | "debug" | "info" | "warn" | "error" {
  switch (level) {
    case "trace":
    case "debug":
    case "warn":
    case "error":
      return level;
    default:
      return "info";
  }
}
