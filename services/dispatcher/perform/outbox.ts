import type { Log, Message } from "@antiphon/log";
import type { Clock, Logger } from "@antiphon/processor";

/** How long an outbox rests before it sends again what it could not send. */
const RETRY_MS = 500;
/** How many messages go out together at most. */
const BATCH_MAX = 500;

interface Pending {
  readonly message: Message;
  readonly settle: (acknowledged: boolean) => void;
}

/** Publishes messages, one publish at a time; what comes meanwhile goes with the next. */
export class Outbox {
  readonly #ports: { readonly log: Log; readonly clock: Clock; readonly logger: Logger };
  readonly #signal: AbortSignal;
  #pending: Pending[] = [];
  #isSending = false;

  /** Gives up when the signal aborts. */
  constructor(ports: { readonly log: Log; readonly clock: Clock; readonly logger: Logger }, signal: AbortSignal) {
    this.#ports = ports;
    this.#signal = signal;
  }

  /** Resolves to true when the log has it; to false when the outbox has given up before that. */
  send(message: Message): Promise<boolean> {
    return new Promise((settle) => {
      this.#pending.push({ message, settle });
      if (!this.#isSending) void this.#sendAll();
    });
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    // What is handed over in the same turn goes out together.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0, BATCH_MAX);
      const acknowledged = await this.#publish(batch.map(({ message }) => message));
      for (const { settle } of batch) settle(acknowledged);
    }
    this.#isSending = false;
  }

  async #publish(messages: readonly Message[]): Promise<boolean> {
    const { log, clock, logger } = this.#ports;
    while (!this.#signal.aborted) {
      try {
        await log.publish(messages);
        return true;
      } catch (error) {
        logger.warn({ err: error, retryMs: RETRY_MS }, "results of actions could not be sent; trying again");
        await clock.sleep(RETRY_MS, this.#signal);
      }
    }
    return false;
  }
}
