import type { Log, Owned } from "@antiphon/log";
import { LineLimit, LogLostError, type RelayRules, relayPartition } from "@antiphon/processor";
import { type InstanceEvent, refOf } from "@antiphon/protocol";
import { Lifecycle, type LifecyclePorts } from "./lifecycle/lifecycle.ts";
import { logMessages, type MessageLogger } from "./log-messages.ts";
import type { PerformPorts } from "./perform/perform-action.ts";
import { Performer } from "./perform/performer.ts";
import { Position } from "./position.ts";
import { undeliverable } from "./relay/dead-letter.ts";
import { messagesOf } from "./relay/messages.ts";
import type { Outgoing } from "./relay/outgoing.ts";
import { type SinkPorts, Sinks } from "./sink/sinks.ts";

/** How long a partition rests that could not be read, in milliseconds. */
const RETRY_MS = 1_000;

/** What partitions are dispatched with. */
export type PartitionPorts = PerformPorts &
  SinkPorts &
  LifecyclePorts & { readonly log: Log; readonly logger: MessageLogger };

/**
 * Follows one partition of the history until it is taken away: relays what its facts send elsewhere, in order; performs
 * the actions that they ask for and posts events to sinks, each host at its own pace; tells of instances where that is
 * asked for. What was under way is finished before this returns.
 */
export async function dispatchPartition(ports: PartitionPorts, owned: Owned): Promise<void> {
  const { clock, logger } = ports;
  const { topic, partition, signal } = owned;
  const performer = new Performer(ports, () => position.changed());
  const sinks = new Sinks(ports, owned, () => position.changed());
  const lifecycle = new Lifecycle(ports, sinks, owned);
  const position = new Position(owned, clock, {
    request: () => performer.oldest,
    event: () => earlier(sinks.oldest, lifecycle.oldest),
  });
  let stopped: Promise<unknown> | undefined;
  const stop = (): Promise<unknown> => (stopped ??= Promise.all([performer.stop(), sinks.stop()]));
  signal.addEventListener("abort", () => void stop(), { once: true });
  while (!signal.aborted) {
    const source = { topic, partition, from: position.taken, sent: position.relayed };
    try {
      await relayPartition(ports, source, rulesOf(ports, { performer, sinks, lifecycle, position }), signal);
      break;
    } catch (error) {
      if (error instanceof LogLostError) throw error;
      logger.warn({ err: error, topic, partition, retryMs: RETRY_MS }, "a partition stopped; going on where it was");
      await clock.sleep(RETRY_MS, signal);
    }
  }
  await stop();
  await position.commit();
}

interface Parts {
  readonly performer: Performer;
  readonly sinks: Sinks;
  readonly lifecycle: Lifecycle;
  readonly position: Position;
}

function rulesOf(
  { logger, clock, sink }: PartitionPorts,
  { performer, sinks, lifecycle, position }: Parts,
): RelayRules<InstanceEvent, Outgoing> {
  const { relayed, delivered } = position;
  const undelivered = new LineLimit(() => clock.steady());
  return {
    messages: (fact, stamp) => messagesOf(fact, stamp, sink),
    undeliverable(message, reason) {
      const { topic: to, origin } = message;
      const { instance, event } = origin;
      const about = { topic: to, ...(instance !== null && { instance }), ...(event && { event: refOf(event) }) };
      const leftOut = undelivered.take(to);
      if (leftOut !== undefined) {
        logger.warn(
          { ...about, reason, ...(leftOut > 0 && { leftOut }) },
          "a message is a dead letter: its topic does not take it",
        );
      }
      return undeliverable(message, reason);
    },
    sent(next) {
      position.relayed = next;
    },
    async see(facts, read) {
      logMessages(
        facts.filter(({ offset }) => offset >= relayed),
        logger,
      );
      performer.take(facts, read);
      const awaited = facts.filter(({ offset }) => offset >= delivered);
      sinks.take(awaited);
      const told = lifecycle.take(awaited);
      position.taken = read.next;
      position.changed();
      await told;
      await performer.room();
      await sinks.room();
    },
  };
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
