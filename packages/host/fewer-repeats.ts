import type { Logger } from "./create-logger.ts";

/** After a failure was logged its repetitions are counted for a while, longer each time, in milliseconds. */
export const REPEAT_MS_MIN = 1_000;
export const REPEAT_MS_MAX = 60_000;
/** How many failures are told apart; the one that is longest there is forgotten first. */
const FAILURES_MAX = 1_000;

interface Repeated {
  /** When it was logged last, and for how long it is only counted since then. */
  readonly loggedMs: number;
  readonly quietMs: number;
  readonly count: number;
}

/** Says of a failure that comes again and again when it is to be logged. */
export class Repeats {
  readonly #now: () => number;
  readonly #failures = new Map<string, Repeated>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How often it came since it was logged last, if it is to be logged now; undefined: it is not. */
  take(failure: string): number | undefined {
    const nowMs = this.#now();
    const before = this.#failures.get(failure);
    if (before === undefined) return this.#log(failure, nowMs, REPEAT_MS_MIN, 0);
    const { loggedMs, quietMs, count } = before;
    const elapsedMs = nowMs - loggedMs;
    // It had stopped: this is another one.
    if (elapsedMs >= 2 * REPEAT_MS_MAX) return this.#log(failure, nowMs, REPEAT_MS_MIN, 0);
    if (elapsedMs >= quietMs) return this.#log(failure, nowMs, Math.min(2 * quietMs, REPEAT_MS_MAX), count);
    this.#failures.set(failure, { loggedMs, quietMs, count: count + 1 });
    return undefined;
  }

  #log(failure: string, loggedMs: number, quietMs: number, count: number): number {
    this.#failures.delete(failure);
    this.#failures.set(failure, { loggedMs, quietMs, count: 0 });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > FAILURES_MAX && oldest !== undefined) this.#failures.delete(oldest);
    return count;
  }
}

/**
 * Lets a logger write a failure of the machine that is repeated (a warning or an error with `err`, about no instance) at
 * first, and then at growing intervals, with how often it came since (`repeated`). What workflows say is as it was.
 */
export function withFewerRepeats(logger: Logger, now: () => number = () => performance.now()): Logger {
  const repeats = new Repeats(now);
  for (const level of ["warn", "error"] as const) {
    const write = logger[level].bind(logger) as (details: object, message: string) => void;
    logger[level] = ((details: object, message: string): void => {
      const err = "err" in details && !("instance" in details) ? details.err : undefined;
      const name = err instanceof Error ? err.name : "";
      const repeated = err === undefined ? 0 : repeats.take(`${message} ${name}`);
      if (repeated === undefined) return;
      write(repeated === 0 ? details : { ...details, repeated }, message);
    }) as Logger[typeof level];
  }
  return logger;
}
