import { LocalLog, type Medium } from "./local-log.ts";
import { MemoryPartition } from "./memory-partition.ts";
import { MemoryPositions } from "./memory-positions.ts";
import type { Log, TopicSpec } from "./port.ts";

const KEEP_ALL = { records: Number.POSITIVE_INFINITY, units: Number.POSITIVE_INFINITY };

export interface MemoryLogOptions {
  /** The time that records get, in epoch milliseconds. */
  readonly now?: () => number;
  /** At least 0 and below 1: chooses the partition of messages that have no key. */
  readonly random?: () => number;
}

/**
 * A log in memory, for tests and simulations. It keeps everything, whatever a topic's retention says, until it is let
 * go of; nothing in it waits for a timer except the hand-over of a partition whose `run` does not return.
 */
export function memoryLog({ now = Date.now, random = Math.random }: MemoryLogOptions = {}): Log {
  return new LocalLog(new MemoryMedium(now), random);
}

class MemoryMedium implements Medium {
  readonly topics = new Map<string, readonly MemoryPartition[]>();
  readonly positions = new MemoryPositions();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  put(specs: readonly TopicSpec[]): void {
    for (const { name, partitions } of specs) {
      if (this.topics.has(name)) continue;
      const made = Array.from({ length: partitions }, () => new MemoryPartition(KEEP_ALL, this.#now));
      this.topics.set(name, made);
    }
  }

  async close(): Promise<void> {}
}
