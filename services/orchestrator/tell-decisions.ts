import type { Instance } from "@antiphon/engine";
import { type Clock, type Domain, LineLimit, type Logger } from "@antiphon/processor";
import type { Command, InstanceEvent } from "@antiphon/protocol";

/** The most characters of a reason that are logged. */
export const REASON_LENGTH_MAX = 500;

/** Where decisions are told; pino's shape. Without `isLevelEnabled` nothing is told at debug. */
export type DecisionLogger = Logger & {
  debug?(details: object, message: string): void;
  isLevelEnabled?(level: string): boolean;
};

type Told = NonNullable<Domain<Instance, Command, InstanceEvent>["appended"]>;

/**
 * A line for whoever runs the machine when an instance fails, an action gives up, or something becomes a dead letter: with
 * ids and the reason, without data. At debug a line of each decision.
 */
export function tellDecisions(logger: DecisionLogger, clock: Pick<Clock, "steady">): Told {
  const limit = new LineLimit(() => clock.steady());

  function warn(details: { readonly workflow?: string; readonly reason: string }, message: string): void {
    const leftOut = limit.take(`${details.workflow ?? ""} ${message}`);
    if (leftOut === undefined) return;
    const reason = shortened(details.reason);
    logger.warn({ ...details, reason, ...(leftOut > 0 && { leftOut }) }, message);
  }

  return (instance, { events, rejected, input }, after, command) => {
    const about = { ...aboutOf(after), ...(instance !== null && { instance }) };
    if (logger.isLevelEnabled?.("debug")) {
      const facts = events.map(({ type }) => type);
      logger.debug?.(
        { ...about, on: command?.type ?? (input === undefined ? "ReachTime" : undefined), facts },
        "decided",
      );
    }
    if (rejected !== undefined)
      warn({ ...about, reason: rejected.reason }, "an order could not be decided: it is a dead letter");
    for (const event of events) {
      switch (event.type) {
        case "InstanceFaulted":
          warn({ ...about, code: event.error.code, reason: event.error.message } as Details, "an instance has failed");
          break;
        case "ActionFailed":
          warn({ ...about, action: event.action, reason: event.error.message } as Details, "an action has given up");
          break;
        case "EventIgnored": {
          const { disposition, reason, found } = event;
          // What was found by a key goes back to where it was matched.
          if (disposition === "duplicate" || found.by === "key") break;
          const { source, id, type } = event.event;
          warn({ ...about, event: { source, id, type }, disposition, reason } as Details, "an event is a dead letter");
          break;
        }
        default:
      }
    }
  };
}

type Details = { readonly workflow?: string; readonly reason: string };

function aboutOf(after: Instance | undefined): { readonly workflow?: string; readonly state?: string } {
  if (after === undefined || after.status === "absent" || after.status === "scheduled") return {};
  const [token] = Object.values(after.tokens);
  return { workflow: after.workflow, ...(token && { state: token.state }) };
}

function shortened(reason: string): string {
  return reason.length <= REASON_LENGTH_MAX ? reason : `${reason.slice(0, REASON_LENGTH_MAX)}…`;
}
