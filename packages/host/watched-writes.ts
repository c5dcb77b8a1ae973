import type { Log } from "@antiphon/log";
import type { Clock } from "@antiphon/processor";
import type { Store } from "@antiphon/store";

/** How long a failed write counts if none is tried after it, in milliseconds. */
export const FAILED_MS = 10_000;

/** Whether what is written lately gets through, for probes to tell. */
export class Writes {
  readonly #clock: Pick<Clock, "now" | "steady">;
  readonly #isOutage: (error: unknown) => error is Error;
  #failing: { readonly sinceMs: number; readonly steadyMs: number; readonly reason: string } | undefined;

  /** `isOutage` tells what is wrong with the place from what is wrong with what was to be written. */
  constructor(clock: Pick<Clock, "now" | "steady">, isOutage: (error: unknown) => error is Error) {
    this.#clock = clock;
    this.#isOutage = isOutage;
  }

  /** Watches one write. */
  async see<Outcome>(write: Promise<Outcome>): Promise<Outcome> {
    try {
      const outcome = await write;
      this.#failing = undefined;
      return outcome;
    } catch (error) {
      if (this.#isOutage(error)) this.#failed(error);
      throw error;
    }
  }

  /** Throws since when nothing could be written, and why, if that is how it stands. */
  assertWritable(): void {
    if (this.#failing === undefined || this.#clock.steady() - this.#failing.steadyMs >= FAILED_MS) return;
    const { sinceMs, reason } = this.#failing;
    throw new Error(`nothing could be written since ${new Date(sinceMs).toISOString()}: ${reason}`);
  }

  #failed({ message, cause }: Error): void {
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    this.#failing = { sinceMs: this.#failing?.sinceMs ?? this.#clock.now(), steadyMs: this.#clock.steady(), reason };
  }
}

/** A log whose writes are watched. */
export function watchedLog(log: Log, writes: Writes): Log {
  return {
    ensureTopics: (topics) => log.ensureTopics(topics),
    partitions: (topic) => log.partitions(topic),
    append: (topic, partition, records, options) => writes.see(log.append(topic, partition, records, options)),
    publish: (messages) => writes.see(log.publish(messages)),
    read: (topic, partition, from, max) => log.read(topic, partition, from, max),
    tail: (topic, partition, from, options) => log.tail(topic, partition, from, options),
    bounds: (topic, partition) => log.bounds(topic, partition),
    truncate: (topic, partition, before) => log.truncate(topic, partition, before),
    committed: (group, topic, partition) => log.committed(group, topic, partition),
    join: (group, topics, run) => log.join(group, topics, run),
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
}

/** A store whose commits are watched. */
export function watchedStore(store: Store, writes: Writes): Store {
  return {
    load: (space, keys) => store.load(space, keys),
    commit: (space, commit) => writes.see(store.commit(space, commit)),
    scan: (space, index, range) => store.scan(space, index, range),
    wipe: (space) => store.wipe(space),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
