import type { Positions } from "./group-coordinator.ts";
import type { Committed } from "./port.ts";
import type { StoredPosition, Tables } from "./sqlite-tables.ts";

/** How long a position may wait for a transaction that takes it along before it gets one of its own. */
export const POSITION_DELAY_MS_MAX = 200;

/**
 * Positions of groups: at once in memory, on disk a little later. A crash in between costs the next owner some work
 * that it does again.
 */
export class DiskPositions implements Positions {
  readonly #tables: Tables;
  readonly #flush: () => void;
  readonly #positions = new Map<string, StoredPosition>();
  readonly #unwritten = new Map<string, StoredPosition>();
  #timer: NodeJS.Timeout | undefined;

  /** `flush` begins a transaction that calls `write`. */
  constructor(tables: Tables, flush: () => void) {
    this.#tables = tables;
    this.#flush = flush;
    for (const position of tables.positions()) {
      this.#positions.set(keyOf(position.group, position.topic, position.partition), position);
    }
  }

  get(group: string, topic: string, partition: number): Committed | undefined {
    const found = this.#positions.get(keyOf(group, topic, partition));
    return found === undefined ? undefined : { offset: found.offset, note: found.note };
  }

  set(group: string, topic: string, partition: number, { offset, note }: Committed): void {
    const key = keyOf(group, topic, partition);
    const position = { group, topic, partition, offset, note };
    this.#positions.set(key, position);
    this.#unwritten.set(key, position);
    this.#timer ??= setTimeout(() => this.#flush(), POSITION_DELAY_MS_MAX).unref();
  }

  /** Writes what is not on disk yet, within a transaction of the caller's. */
  write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const position of this.#unwritten.values()) this.#tables.putPosition(position);
    this.#unwritten.clear();
  }
}

function keyOf(group: string, topic: string, partition: number): string {
  return JSON.stringify([group, topic, partition]);
}
