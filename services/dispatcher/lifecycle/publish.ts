import { type Log, LogUnavailableError, type Message } from "@antiphon/log";
import type { Clock, Logger } from "@antiphon/processor";
import { isMachineTopic } from "@antiphon/protocol";

/** How long it is waited before what could not be sent is sent again, in milliseconds. */
const RETRY_MS = 500;

/**
 * Publishes lifecycle events, at least once. Those that their topic does not take are logged and let go: nobody's work
 * hangs on them. False: the signal aborted before they were in the log.
 */
export async function publish(
  { log, clock, logger }: { readonly log: Log; readonly clock: Clock; readonly logger: Logger },
  told: readonly Message[],
  signal: AbortSignal,
): Promise<boolean> {
  const messages = told.filter(({ topic }) => !isMachineTopic(topic));
  if (messages.length < told.length) {
    const topic = told.find((one) => isMachineTopic(one.topic))?.topic;
    logger.warn({ topic }, "lifecycle events are not for a topic of Antiphon's own: let go");
  }
  while (messages.length > 0 && !signal.aborted) {
    try {
      await log.publish(messages);
      return true;
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) {
        logger.warn({ err: error, topic: messages[0]?.topic }, "lifecycle events could not be published: let go");
        return true;
      }
      logger.warn({ err: error, retryMs: RETRY_MS }, "lifecycle events could not be published; trying again");
      await clock.sleep(RETRY_MS, signal);
    }
  }
  return messages.length === 0;
}
