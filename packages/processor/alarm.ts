import type { Bell } from "./bell.ts";
import type { Clock } from "./ports.ts";

/** The longest single sleep; a clock that jumps is noticed after it. */
const SLEEP_MS_MAX = 60_000;

/** Rings a bell at the earliest time that it has been set to, by the clock's time or by its steady one. */
export class Alarm implements Disposable {
  readonly #clock: Clock;
  readonly #time: "now" | "steady";
  readonly #bell: Bell;
  #atMs = Number.POSITIVE_INFINITY;
  #sleep: AbortController | undefined;
  #hasRung = false;

  constructor(clock: Clock, bell: Bell, time: "now" | "steady" = "now") {
    this.#clock = clock;
    this.#time = time;
    this.#bell = bell;
  }

  /** Once it has rung it stays so, also if the clock is set back since: it does not ring again. */
  get reached(): boolean {
    return this.#hasRung || this.#clock[this.#time]() >= this.#atMs;
  }

  /** Sets it earlier; a later time than the one it is set to changes nothing. */
  advance(atMs: number): void {
    if (atMs < this.#atMs) this.#set(atMs);
  }

  clear(): void {
    this.#set(Number.POSITIVE_INFINITY);
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  #set(atMs: number): void {
    this.#atMs = atMs;
    this.#hasRung = false;
    this.#sleep?.abort();
    this.#sleep = undefined;
    if (atMs !== Number.POSITIVE_INFINITY) void this.#sleepUntil(atMs);
  }

  async #sleepUntil(atMs: number): Promise<void> {
    const sleep = new AbortController();
    this.#sleep = sleep;
    for (;;) {
      const restMs = atMs - this.#clock[this.#time]();
      if (restMs <= 0) break;
      await this.#clock.sleep(Math.min(restMs, SLEEP_MS_MAX), sleep.signal);
      if (sleep.signal.aborted) return;
    }
    this.#hasRung = true;
    this.#bell.ring();
  }
}
