import type { Clock } from "../ports.ts";

/** A clock that stands still until it is turned. */
export class FakeClock implements Clock {
  #nowMs: number;
  readonly #sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();

  constructor(nowMs = 0) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { atMs: this.#nowMs + ms, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", wake);
    });
  }

  /** Moves on (or back) and wakes who has slept long enough. */
  turn(ms: number): void {
    this.#nowMs += ms;
    for (const sleeper of [...this.#sleepers]) if (sleeper.atMs <= this.#nowMs) sleeper.wake();
  }

  /** The time at which the next sleeper wakes; undefined: nobody sleeps. */
  get nextMs(): number | undefined {
    const times = [...this.#sleepers].map(({ atMs }) => atMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }
}
