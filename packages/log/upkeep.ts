import { setImmediate as turn } from "node:timers/promises";
import { DiskPartition } from "./disk-partition.ts";
import type { MemoryPartition } from "./memory-partition.ts";
import type { TopicSpec } from "./port.ts";
import type { Tables } from "./sqlite-tables.ts";
import { compact, drop, expire } from "./sweep.ts";

type Places = readonly (DiskPartition | MemoryPartition)[];

/** Removes in the background what topics need not keep, in steps small enough not to be felt. */
export class Upkeep implements AsyncDisposable {
  readonly #tables: Tables;
  readonly #now: () => number;
  readonly #retentions = new Map<Places, TopicSpec["retention"]>();
  readonly #compactedTo = new Map<DiskPartition, number>();
  readonly #timer: NodeJS.Timeout;
  #pass: Promise<void> | undefined;
  #closed = false;

  constructor(tables: Tables, now: () => number, intervalMs: number) {
    this.#tables = tables;
    this.#now = now;
    this.#timer = setInterval(() => this.#begin(), intervalMs).unref();
  }

  /** Sees to a topic's partitions from now on, or changes what is kept of them. */
  watch(places: Places, retention: TopicSpec["retention"]): void {
    this.#retentions.set(places, retention);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#pass;
  }

  #begin(): void {
    this.#pass ??= this.#sweep().finally(() => {
      this.#pass = undefined;
    });
  }

  async #sweep(): Promise<void> {
    for (const [places, retention] of this.#retentions) {
      for (const place of places) {
        for (const _ of this.#steps(place, retention)) {
          await turn();
          if (this.#closed) return;
        }
      }
    }
  }

  *#steps(place: Places[number], retention: TopicSpec["retention"]): Generator<void, void> {
    if (typeof retention === "number") {
      const olderThanMs = this.#now() - retention;
      if (place instanceof DiskPartition) yield* expire(this.#tables, place, olderThanMs);
      else place.dropOlderThan(olderThanMs);
    } else if (retention === "forever" && place instanceof DiskPartition) {
      yield* drop(this.#tables, place);
    } else if (retention === "compact" && place instanceof DiskPartition) {
      const { end } = place;
      if (this.#compactedTo.get(place) === end) return;
      yield* compact(this.#tables, place);
      this.#compactedTo.set(place, end);
    }
  }
}
