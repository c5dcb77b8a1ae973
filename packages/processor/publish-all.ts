import { type Log, LogUnavailableError, type Message, type Owned } from "@antiphon/log";
import type { Ports } from "./ports.ts";

/** How long it takes until what could not be sent is sent again. */
const RETRY_MS = 500;

/**
 * Publishes messages until all of them are acknowledged, or the signal aborts. One that its topic does not take stops no
 * other: what `undeliverable` makes of it, with the topic's reason, goes out instead.
 */
export async function publishAll<Sent extends Message>(
  { log, clock, logger }: Pick<Ports, "log" | "clock" | "logger">,
  messages: readonly Sent[],
  undeliverable: (message: Sent, reason: string) => Message,
  { topic, partition, signal }: Pick<Owned, "topic" | "partition" | "signal">,
): Promise<void> {
  while (messages.length > 0 && !signal.aborted) {
    try {
      await publishOnce(log, messages, undeliverable);
      return;
    } catch (error) {
      const details = { err: error, topic, partition, retryMs: RETRY_MS };
      logger.warn(details, "what a partition brought could not be sent on; trying again");
      await clock.sleep(RETRY_MS, signal);
    }
  }
}

/** Sends all; if one of them cannot be taken by its topic, each by itself, so that it stops no other. */
async function publishOnce<Sent extends Message>(
  log: Log,
  messages: readonly Sent[],
  undeliverable: (message: Sent, reason: string) => Message,
): Promise<void> {
  try {
    await log.publish(messages);
  } catch (error) {
    if (error instanceof LogUnavailableError) throw error;
    for (const message of messages) {
      try {
        await log.publish([message]);
      } catch (reason) {
        if (reason instanceof LogUnavailableError) throw reason;
        await log.publish([undeliverable(message, (reason as Error).message)]);
      }
    }
  }
}
