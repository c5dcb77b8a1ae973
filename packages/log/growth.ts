/** Wakes whoever waits for a partition to grow. */
export class Growth {
  readonly #waiting = new Set<() => void>();

  /** Resolves at the next growth, or when the signal aborts. */
  next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener("abort", wake);
        this.#waiting.delete(wake);
        resolve();
      };
      signal.addEventListener("abort", wake);
      this.#waiting.add(wake);
    });
  }

  /** The partition has grown. */
  happened(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
