import type { Clock } from "../ports.ts";

/** A clock that stands still until it is turned. Turned back, it is set back: for sleepers no time has gone by. */
export class FakeClock implements Clock {
  #nowMs: number;
  #steadyMs: number;
  readonly #sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();

  constructor(nowMs = 0) {
    this.#nowMs = nowMs;
    this.#steadyMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  steady(): number {
    return this.#steadyMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { atMs: this.#steadyMs + ms, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", wake);
    });
  }

  /** Moves on, or is set back, and wakes who has slept long enough. */
  turn(ms: number): void {
    this.#nowMs += ms;
    this.#steadyMs += Math.max(0, ms);
    for (const sleeper of [...this.#sleepers]) if (sleeper.atMs <= this.#steadyMs) sleeper.wake();
  }

  /** The steady time at which the next sleeper wakes; undefined: nobody sleeps. */
  get nextMs(): number | undefined {
    const times = [...this.#sleepers].map(({ atMs }) => atMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }
}
