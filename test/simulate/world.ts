import { type Gate, Schedule } from "@antiphon/processor/testing";

/** When every run begins. */
export const START_MS = 1_767_225_600_000;
/** How far time moves while somebody is let on, at most. */
const TURN_MS_MAX = 8;

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** What all of a run has in common: its order, its time, its chance, and what is told and counted of it. */
export class World {
  readonly schedule: Schedule;
  /** How often each thing happened. */
  readonly counts = new Map<string, number>();
  /** Nothing goes wrong any more. */
  isCalm = false;
  readonly #tell: ((line: string) => void) | undefined;
  readonly #sleepers = new Set<Sleeper>();
  #nowMs = START_MS;
  #nextMs = Number.POSITIVE_INFINITY;

  constructor(seed: number, tell?: (line: string) => void) {
    this.schedule = new Schedule(Math.imul(seed, 0x9e3779b1));
    this.#tell = tell;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** A line of the trace. */
  tell(line: () => string): void {
    this.#tell?.(`${String((this.#nowMs - START_MS) / 1_000).padStart(10)} s  ${line()}`);
  }

  /** Something went wrong, or is about to, by chance: never once it is calm. */
  strikes(probability: number, what: string): boolean {
    if (this.isCalm || !this.schedule.chance(probability)) return false;
    this.happened(what);
    return true;
  }

  happened(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** One of several, by chance. */
  oneOf<T>(all: readonly [T, ...T[]]): T {
    return all[this.schedule.below(all.length)] ?? all[0];
  }

  between(least: number, most: number): number {
    return least + this.schedule.below(most - least + 1);
  }

  /** Resolves after a while, when the schedule lets its owner on; at once if the signal aborts. */
  sleep(ms: number, gate?: Gate, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        this.schedule.wait(end, gate);
      };
      const sleeper = { atMs: this.#nowMs + Math.max(0, ms), wake };
      this.#sleepers.add(sleeper);
      this.#nextMs = Math.min(this.#nextMs, sleeper.atMs);
      signal?.addEventListener("abort", end);
    });
  }

  /** Time goes on a little, while somebody does something. */
  tick(): void {
    this.pass(this.schedule.below(TURN_MS_MAX + 1));
  }

  /** Time goes on; whoever has slept long enough wakes. */
  pass(ms: number): void {
    this.#nowMs += ms;
    if (this.#nowMs < this.#nextMs) return;
    const woken = [...this.#sleepers].filter(({ atMs }) => atMs <= this.#nowMs);
    for (const { wake } of woken) wake();
    this.#nextMs = Number.POSITIVE_INFINITY;
    for (const { atMs } of this.#sleepers) this.#nextMs = Math.min(this.#nextMs, atMs);
  }

  /** Until the next sleeper wakes, in milliseconds; undefined: nobody sleeps. */
  get restMs(): number | undefined {
    return this.#nextMs === Number.POSITIVE_INFINITY ? undefined : Math.max(0, this.#nextMs - this.#nowMs);
  }
}
