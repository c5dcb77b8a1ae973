import type { Log, Owned } from "@antiphon/log";
import { type RelayRules, relayPartition } from "@antiphon/processor";
import type { InstanceEvent } from "@antiphon/protocol";
import { logMessages, type MessageLogger } from "./log-messages.ts";
import type { PerformPorts } from "./perform/perform-action.ts";
import { Performer } from "./perform/performer.ts";
import { Position } from "./position.ts";
import { undeliverable } from "./relay/dead-letter.ts";
import { messagesOf } from "./relay/messages.ts";
import type { Outgoing } from "./relay/outgoing.ts";

/** How long a partition rests that could not be read, in milliseconds. */
const RETRY_MS = 1_000;

/** What partitions are dispatched with. */
export type PartitionPorts = PerformPorts & { readonly log: Log; readonly logger: MessageLogger };

/**
 * Follows one partition of the history until it is taken away: relays what its facts send elsewhere, in order, and
 * performs the actions that they ask for, each host at its own pace. What was under way is finished before this returns.
 */
export async function dispatchPartition(ports: PartitionPorts, owned: Owned): Promise<void> {
  const { clock, logger } = ports;
  const { topic, partition, signal } = owned;
  const performer = new Performer(ports, () => position.changed());
  const position = new Position(owned, clock, () => performer.oldest);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= performer.stop());
  signal.addEventListener("abort", () => void stop(), { once: true });
  while (!signal.aborted) {
    const source = { topic, partition, from: position.taken, sent: position.relayed };
    try {
      await relayPartition(ports, source, rulesOf(performer, position, logger), signal);
      break;
    } catch (error) {
      logger.warn({ err: error, topic, partition, retryMs: RETRY_MS }, "a partition stopped; going on where it was");
      await clock.sleep(RETRY_MS, signal);
    }
  }
  await stop();
  await position.commit();
}

function rulesOf(performer: Performer, position: Position, logger: MessageLogger): RelayRules<InstanceEvent, Outgoing> {
  const { relayed } = position;
  return {
    messages: messagesOf,
    undeliverable,
    sent(next) {
      position.relayed = next;
    },
    async see(facts, read) {
      logMessages(
        facts.filter(({ offset }) => offset >= relayed),
        logger,
      );
      performer.take(facts, read);
      position.taken = read.next;
      position.changed();
      await performer.room();
    },
  };
}
