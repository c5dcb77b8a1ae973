import type { Batch, Message } from "@antiphon/log";
import type { Stamp } from "@antiphon/protocol";
import { followLog } from "./lost-log.ts";
import type { Logger, Ports } from "./ports.ts";
import { publishAll } from "./publish-all.ts";
import { type DecidedFact, readFacts } from "./read-facts.ts";

/** What a relay does with the facts that it reads. */
export interface RelayRules<Event, Sent extends Message = Message> {
  /** What a fact sends elsewhere. A message of the machine carries its stamp, by which its receiver tells a repeat. */
  messages(fact: DecidedFact<Event>, stamp: (index: number) => Stamp): readonly Sent[];
  /** What is sent instead of a message that its topic does not take. */
  undeliverable(message: Sent, reason: string): Message;
  /** Sees every fact, those below `sent` as well, and how far the relay has read; it goes on when this returns. */
  see?(facts: readonly DecidedFact<Event>[], read: Pick<Batch, "next" | "end">): Promise<void> | void;
  /** Everything below `next` has been sent, and acknowledged. */
  sent(next: number): void;
}

/** Where a relay reads, and from where on; below `sent` the messages have been sent before. */
export interface RelaySource {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly sent: number;
}

/**
 * Follows one partition of facts and publishes what they send elsewhere, until the signal aborts. One send is in flight
 * at a time, and the position moves only below what was acknowledged: so a receiver meets a message for the first time
 * only after all earlier ones of this source, whoever relays, and however often.
 */
export async function relayPartition<Event, Sent extends Message = Message>(
  { log, clock, logger }: Pick<Ports, "log" | "clock" | "logger">,
  source: RelaySource,
  rules: RelayRules<Event, Sent>,
  signal: AbortSignal,
): Promise<void> {
  const { topic, partition } = source;
  for await (const batch of followLog(log, source, { signal })) {
    const facts = readFacts<Event>(batch.records, { topic, partition }, logger);
    const messages = facts
      .filter(({ offset }) => offset >= source.sent)
      .flatMap((fact) => messagesOf(fact, rules, source, logger));
    await publishAll({ log, clock, logger }, messages, rules.undeliverable, { topic, partition, signal });
    if (signal.aborted) return;
    rules.sent(Math.max(batch.next, source.sent));
    await rules.see?.(facts, batch);
  }
}

/** What a fact sends. One that nobody of ours can have written, though it looks like a decision, stops no other. */
function messagesOf<Event, Sent extends Message>(
  fact: DecidedFact<Event>,
  rules: RelayRules<Event, Sent>,
  { topic, partition }: RelaySource,
  logger: Logger,
): readonly Sent[] {
  const { offset } = fact;
  try {
    return rules.messages(fact, (index) => ({ topic, partition, offset, index }));
  } catch (error) {
    logger.error({ err: error, topic, partition, offset }, "a fact cannot be relayed: passed over");
    return [];
  }
}
