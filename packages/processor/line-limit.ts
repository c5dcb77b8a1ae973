/** How many lines of one kind are written within a window, and how long that is, in milliseconds. */
export const LINES_MAX = 10;
export const WINDOW_MS = 10_000;
/** How many kinds are told apart; the one that is longest there is forgotten first. */
const KINDS_MAX = 1_000;

interface Window {
  readonly startMs: number;
  readonly lines: number;
  readonly leftOut: number;
}

/** Keeps a flood of events from being a flood of lines: of each kind some are written, and then it is told how many were not. */
export class LineLimit {
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How many lines of this kind were left out before one that may be written now; undefined: this one is left out, too. */
  take(kind: string): number | undefined {
    const nowMs = this.#now();
    const before = this.#windows.get(kind);
    if (before === undefined || nowMs - before.startMs >= WINDOW_MS) {
      this.#set(kind, { startMs: nowMs, lines: 1, leftOut: 0 });
      return before?.leftOut ?? 0;
    }
    const isLeftOut = before.lines >= LINES_MAX;
    const { startMs, lines, leftOut } = before;
    this.#windows.set(
      kind,
      isLeftOut ? { startMs, lines, leftOut: leftOut + 1 } : { startMs, lines: lines + 1, leftOut },
    );
    return isLeftOut ? undefined : 0;
  }

  #set(kind: string, window: Window): void {
    this.#windows.delete(kind);
    this.#windows.set(kind, window);
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= KINDS_MAX) return;
      this.#windows.delete(oldest);
    }
  }
}
