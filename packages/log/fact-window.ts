import type { Fact, LogRecord } from "./port.ts";

/** How many facts and how many UTF-16 units of text a window may hold before it forgets its oldest. */
export interface WindowLimits {
  readonly records: number;
  readonly units: number;
}

/** Drops the forgotten front of the array only when it is this long, so that forgetting costs nothing on average. */
const DEAD_FRONT_MAX = 1_024;

/** The newest facts of one partition, in memory: from `start` to `end` without a gap. */
export class FactWindow {
  readonly #limits: WindowLimits;
  readonly #facts: (Fact | undefined)[] = [];
  #front = 0;
  #units = 0;
  #end: number;

  constructor(end: number, limits: WindowLimits) {
    this.#end = end;
    this.#limits = limits;
  }

  get start(): number {
    return this.#end - (this.#facts.length - this.#front);
  }

  get end(): number {
    return this.#end;
  }

  /** Adds facts whose offsets go on from `end`. */
  push(facts: readonly Fact[]): void {
    for (const fact of facts) {
      this.#facts.push(fact);
      this.#units += unitsOf(fact);
    }
    this.#end += facts.length;
    while (this.#facts.length - this.#front > this.#limits.records || this.#units > this.#limits.units)
      this.#dropFirst();
    this.#sweep();
  }

  /** Forgets what lies below an offset. */
  dropBefore(offset: number): void {
    while (this.start < offset && this.start < this.#end) this.#dropFirst();
    this.#sweep();
  }

  /** At most `max` facts from an offset on, which must not be below `start`. */
  slice(from: number, max: number): Fact[] {
    const first = this.#front + (from - this.start);
    const facts: Fact[] = [];
    for (let i = first; i < this.#facts.length && facts.length < max; i++) {
      const fact = this.#facts[i];
      if (fact !== undefined) facts.push(fact);
    }
    return facts;
  }

  /** The oldest fact held. */
  first(): Fact | undefined {
    return this.#facts[this.#front];
  }

  #dropFirst(): void {
    const fact = this.#facts[this.#front];
    if (fact === undefined) return;
    this.#facts[this.#front] = undefined;
    this.#units -= unitsOf(fact);
    this.#front += 1;
  }

  #sweep(): void {
    if (this.#front < DEAD_FRONT_MAX || this.#front * 2 < this.#facts.length) return;
    this.#facts.splice(0, this.#front);
    this.#front = 0;
  }
}

function unitsOf({ key, value, headers }: Fact): number {
  let units = (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) units += name.length + (headers[name]?.length ?? 0);
  return units;
}

/** A record as it stands in a log. */
export function factOf({ key, value, headers }: LogRecord, offset: number, timestampMs: number): Fact {
  return headers === undefined ? { offset, timestampMs, key, value } : { offset, timestampMs, key, value, headers };
}
