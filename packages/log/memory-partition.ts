import { FactWindow, factOf, type WindowLimits } from "./fact-window.ts";
import { Growth } from "./growth.ts";
import type { LocalPartition } from "./local-log.ts";
import type { Batch, LogRecord } from "./port.ts";

/** A partition that lives in memory only, and keeps what its limits allow. */
export class MemoryPartition implements LocalPartition {
  readonly growth = new Growth();
  readonly landing = Promise.resolve();
  readonly #facts: FactWindow;
  readonly #now: () => number;

  constructor(limits: WindowLimits, now: () => number) {
    this.#facts = new FactWindow(0, limits);
    this.#now = now;
  }

  get start(): number {
    return this.#facts.start;
  }

  get end(): number {
    return this.#facts.end;
  }

  get promised(): number {
    return this.#facts.end;
  }

  async write(records: readonly LogRecord[]): Promise<void> {
    const at = this.#facts.end;
    const timestampMs = this.#now();
    this.#facts.push(records.map((record, i) => factOf(record, at + i, timestampMs)));
    this.growth.happened();
  }

  read(from: number, max: number): Batch {
    const first = Math.max(from, this.start);
    const records = this.#facts.slice(first, max);
    return { records, next: first + records.length, end: this.end };
  }

  truncate(before: number): void {
    this.#facts.dropBefore(before);
  }

  /** Forgets what is older than a time. */
  dropOlderThan(timestampMs: number): void {
    for (let fact = this.#facts.first(); fact !== undefined; fact = this.#facts.first()) {
      if (fact.timestampMs >= timestampMs) return;
      this.#facts.dropBefore(fact.offset + 1);
    }
  }
}
