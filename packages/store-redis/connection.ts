import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionOptions } from "node:tls";
import { type StoreLogger, StoreUnavailableError } from "@antiphon/store";
import { Redis } from "ioredis";
import { wasLost, wasNotSent, wasRefused } from "./failures.ts";
import { within } from "./within.ts";

export interface ConnectionSettings {
  readonly url: string;
  readonly tls?: ConnectionOptions;
  readonly logger?: StoreLogger;
  readonly unavailableAfterMs: number;
}

const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_PAUSE_MS = 50;
const RECONNECT_PAUSE_MAX_MS = 500;
const RETRY_PAUSE_MS = 25;

/**
 * A connection that is made again whenever it is lost, and calls that wait for it. The client's own queues and retries
 * are off: only here is it known which call may be made twice.
 */
export class RedisConnection implements AsyncDisposable {
  readonly #client: Redis;
  readonly #address: string;
  readonly #logger: StoreLogger | undefined;
  readonly #unavailableAfterMs: number;
  #state: "new" | "ready" | "lost" | "closed" = "new";
  #ready = Promise.withResolvers<void>();
  #lastError: Error | undefined;

  constructor({ url, tls, logger, unavailableAfterMs }: ConnectionSettings) {
    this.#logger = logger;
    this.#unavailableAfterMs = unavailableAfterMs;
    this.#client = new Redis(url, {
      ...(tls && { tls }),
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      // Zero rejects what was sent and not answered as soon as the connection closes.
      maxRetriesPerRequest: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // A connection that went silent is given up early enough for a call to be made again on a new one.
      socketTimeout: Math.ceil(unavailableAfterMs / 2),
      retryStrategy: (attempt) => Math.min(RECONNECT_PAUSE_MS * attempt, RECONNECT_PAUSE_MAX_MS),
      // The primary became a replica: the same address may lead to the new primary.
      reconnectOnError: (error) => error.message.startsWith("READONLY"),
    });
    this.#address = `${this.#client.options.host}:${this.#client.options.port}`;
    this.#client.on("error", (error: Error) => {
      this.#lastError = error;
    });
    this.#client.on("close", () => this.#onClose());
    this.#client.on("ready", () => this.#onReady());
  }

  /** Calls `listener` whenever the server has become reachable, also for the first time. */
  onReady(listener: (client: Redis) => void): void {
    this.#client.on("ready", () => listener(this.#client));
  }

  /** A call that may be made twice: it is, until it is answered or the limit has passed. */
  async repeat<Result>(call: (client: Redis) => Promise<Result>): Promise<Result> {
    return this.#attempts(call, () => true);
  }

  /** A call that must not be made twice: when it is not known whether it took effect, throws `StoreUnavailableError`. */
  async once<Result>(call: (client: Redis) => Promise<Result>): Promise<Result> {
    return this.#attempts(call, (error) => !wasLost(error));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === "closed") return;
    const answers = this.#state === "ready";
    this.#state = "closed";
    this.#ready.resolve();
    // QUIT is answered after everything before it.
    if (answers) await within(this.#client.quit(), this.#unavailableAfterMs).catch(() => {});
    this.#client.disconnect();
  }

  async #attempts<Result>(
    call: (client: Redis) => Promise<Result>,
    mayRepeat: (error: Error) => boolean,
  ): Promise<Result> {
    const deadlineMs = performance.now() + this.#unavailableAfterMs;
    for (;;) {
      const leftMs = deadlineMs - performance.now();
      if (this.#state !== "ready") await this.#untilReady(leftMs);
      try {
        return await within(call(this.#client), deadlineMs - performance.now());
      } catch (error) {
        if (!(error instanceof Error && (wasNotSent(error) || wasRefused(error) || wasLost(error)))) throw error;
        if (!mayRepeat(error)) throw this.#outcomeUnknown(error);
        if (performance.now() + RETRY_PAUSE_MS >= deadlineMs) throw this.#unavailable(error);
      }
      await sleep(RETRY_PAUSE_MS);
    }
  }

  async #untilReady(leftMs: number): Promise<void> {
    if (this.#state !== "closed") {
      await within(this.#ready.promise, leftMs).catch((error: Error) => {
        throw this.#unavailable(this.#lastError ?? error);
      });
    }
    if (this.#state === "closed") throw new Error("expected an open store, found one that was disposed of");
  }

  #unavailable(cause: Error): StoreUnavailableError {
    const found = `Redis at ${this.#address} did not serve within ${this.#unavailableAfterMs} ms: ${cause.message}`;
    return new StoreUnavailableError(found, { cause });
  }

  #outcomeUnknown(cause: Error): StoreUnavailableError {
    const found = `Redis at ${this.#address} may or may not have done what it was asked; its answer did not come`;
    return new StoreUnavailableError(found, { cause });
  }

  #onReady(): void {
    if (this.#state === "closed") return;
    if (this.#state === "lost") this.#logger?.info({ redis: this.#address }, "Redis is back");
    this.#state = "ready";
    this.#lastError = undefined;
    this.#ready.resolve();
  }

  #onClose(): void {
    if (this.#state === "closed" || this.#state === "lost") return;
    if (this.#state === "ready") this.#ready = Promise.withResolvers();
    this.#state = "lost";
    const reason = this.#lastError?.message ?? "the connection was closed";
    this.#logger?.warn({ redis: this.#address, reason }, "Redis cannot be reached; calls wait for it");
  }
}
