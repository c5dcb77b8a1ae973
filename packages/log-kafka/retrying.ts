import { setTimeout as sleep } from "node:timers/promises";
import { errorOf, LogUnavailableError } from "@antiphon/log";
import { isPassing } from "./failures.ts";
import type { KafkaLogger } from "./options.ts";

const PAUSE_MS_MIN = 20;
const PAUSE_MS_MAX = 1_000;
/** Elections and restarts of a connection are shorter than this, and nobody needs to hear of them. */
const SILENT_MS = 1_000;

/** Tries again what failed for a while, and tells once when the brokers are lost and once when they are back. */
export class Retrying {
  readonly #logger: KafkaLogger;
  readonly #timeoutMs: number;
  readonly #closing: AbortSignal;
  #failingSince: number | undefined;
  #isLost = false;

  constructor(logger: KafkaLogger, timeoutMs: number, closing: AbortSignal) {
    this.#logger = logger;
    this.#timeoutMs = timeoutMs;
    this.#closing = closing;
  }

  /**
   * Calls `attempt` with the number of earlier attempts until it succeeds or fails for good; throws
   * `LogUnavailableError` when the limit (the adapter's, unless one is given) is over.
   */
  async run<T>(what: string, attempt: (retry: number) => Promise<T>, limitMs = this.#timeoutMs): Promise<T> {
    const deadline = performance.now() + limitMs;
    for (let retry = 0; ; retry++) {
      this.#assertOpen();
      try {
        const result = await attempt(retry);
        this.succeeded();
        return result;
      } catch (error) {
        if (!isPassing(error)) throw error;
        this.failed(error);
        if (performance.now() >= deadline) {
          throw new LogUnavailableError(`${what}: Kafka could not be reached within ${limitMs} ms`, { cause: error });
        }
        await this.pause(retry);
      }
    }
  }

  /** Waits, longer with each retry, until the log closes. */
  async pause(retry: number): Promise<void> {
    const pauseMs = Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** Math.min(retry, 10));
    await sleep(pauseMs, undefined, { signal: this.#closing }).catch(() => {});
  }

  /** A request failed that may succeed later. */
  failed(error: unknown): void {
    this.#failingSince ??= performance.now();
    if (this.#isLost || performance.now() - this.#failingSince < SILENT_MS) return;
    this.#isLost = true;
    this.#logger.warn({ reason: errorOf(error).message }, "Kafka cannot be reached; trying on");
  }

  /** A request succeeded. */
  succeeded(): void {
    this.#failingSince = undefined;
    if (!this.#isLost) return;
    this.#isLost = false;
    this.#logger.info({}, "Kafka can be reached again");
  }

  #assertOpen(): void {
    if (this.#closing.aborted) throw new Error("the log is closed");
  }
}
