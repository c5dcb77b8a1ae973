import type { Bucket } from "@antiphon/correlation";
import { type Clock, type Domain, LineLimit, type Logger } from "@antiphon/processor";
import type { CorrelationEvent, CorrelationInput } from "@antiphon/protocol";

/** The most characters of a reason that are logged. */
const REASON_LENGTH_MAX = 500;

/** Pino's shape. Without `isLevelEnabled` nothing is told at debug. */
export type DropLogger = Logger & {
  debug?(details: object, message: string): void;
  isLevelEnabled?(level: string): boolean;
};

/** A line for whoever runs the machine when an event or an order of a correlation key becomes a dead letter; at debug one of each decision. */
export function tellDrops(
  logger: DropLogger,
  clock: Pick<Clock, "steady">,
): NonNullable<Domain<Bucket, CorrelationInput, CorrelationEvent>["appended"]> {
  const limit = new LineLimit(() => clock.steady());

  function warn(kind: string, details: object, reason: string, message: string): void {
    const leftOut = limit.take(kind);
    if (leftOut === undefined) return;
    const short = reason.slice(0, REASON_LENGTH_MAX);
    logger.warn({ ...details, reason: short, ...(leftOut > 0 && { leftOut }) }, message);
  }

  return (key, { events, rejected }, _, input) => {
    if (logger.isLevelEnabled?.("debug")) {
      logger.debug?.({ key, on: input?.type ?? "ReachTime", facts: events.map(({ type }) => type) }, "decided");
    }
    if (rejected !== undefined)
      warn("order", { key }, rejected.reason, "an order could not be decided: it is a dead letter");
    for (const event of events) {
      if (event.type !== "EventDropped" || event.disposition === "duplicate") continue;
      const { source, id, type } = event.event;
      const details = { event: { source, id, type }, key, disposition: event.disposition };
      warn(type, details, event.reason, "an event is a dead letter");
    }
  };
}
