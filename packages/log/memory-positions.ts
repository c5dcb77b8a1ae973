import type { Positions } from "./group-coordinator.ts";
import type { Committed } from "./port.ts";

/** Positions of groups that nobody misses after a restart. */
export class MemoryPositions implements Positions {
  readonly #positions = new Map<string, Committed>();

  get(group: string, topic: string, partition: number): Committed | undefined {
    return this.#positions.get(JSON.stringify([group, topic, partition]));
  }

  set(group: string, topic: string, partition: number, position: Committed): void {
    this.#positions.set(JSON.stringify([group, topic, partition]), position);
  }
}
