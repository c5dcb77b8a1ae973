import type { Log } from "@antiphon/log";
import type { Store } from "@antiphon/store";

/** Time, as a port: a test turns it by hand. */
export interface Clock {
  /** Epoch milliseconds: what facts say, and what is due. It may be set forward or back at any time. */
  now(): number;
  /** Milliseconds from some moment on, which only go forward: how long something takes, and when it takes too long. */
  steady(): number;
  /** Resolves after a while, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** What a processor says about itself; pino's shape. */
export interface Logger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface Ports {
  readonly log: Log;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of a partition that has stopped, as `{topic}/{partition}`, and of one that goes on again. */
  readonly health?: {
    set(name: string, up: true): void;
    set(name: string, up: false, reason: string): void;
    /** The partition is another's concern now. */
    forget(name: string): void;
  };
  /** How many entities that the store holds as well stay in memory between turns. */
  readonly cachedMax?: number;
}

/** How long what a partition consists of is kept. */
export interface Retention {
  /** Facts at least this long, in milliseconds; what is alive is copied forward then. */
  readonly logMs: number;
  /** Entities after their end, in milliseconds. */
  readonly endedMs: number;
  /** The offset from which the slowest of those goes on that read the facts. */
  slowestReader(partition: number): Promise<number>;
}
