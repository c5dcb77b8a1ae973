/** A turn at a host. Disposal gives it back. */
export type Turn = Disposable;

interface Host {
  busy: number;
  /** Those who wait, in the order of asking. */
  readonly queue: Set<(turn: Turn) => void>;
}

/** Hands out turns: at most so many at a time for each host, first come, first served. One host never waits for another. */
export class Turns {
  readonly #perHost: number;
  readonly #hosts = new Map<string, Host>();

  constructor(perHost: number) {
    this.#perHost = perHost;
  }

  /** Resolves when it is one's turn; with undefined if one of the signals aborts before that. */
  take(name: string, ...signals: readonly AbortSignal[]): Promise<Turn | undefined> {
    if (signals.some(({ aborted }) => aborted)) return Promise.resolve(undefined);
    const host = this.#hosts.get(name) ?? { busy: 0, queue: new Set() };
    this.#hosts.set(name, host);
    if (host.busy < this.#perHost) return Promise.resolve(this.#begin(name, host));
    return new Promise((resolve) => {
      const settle = (turn: Turn | undefined): void => {
        for (const signal of signals) signal.removeEventListener("abort", leave);
        resolve(turn);
      };
      const leave = (): void => {
        host.queue.delete(settle);
        settle(undefined);
      };
      host.queue.add(settle);
      for (const signal of signals) signal.addEventListener("abort", leave);
    });
  }

  #begin(name: string, host: Host): Turn {
    host.busy++;
    let ended = false;
    return {
      [Symbol.dispose]: () => {
        if (ended) return;
        ended = true;
        host.busy--;
        this.#next(name, host);
      },
    };
  }

  #next(name: string, host: Host): void {
    const [first] = host.queue;
    if (first !== undefined) {
      host.queue.delete(first);
      first(this.#begin(name, host));
    } else if (host.busy === 0) this.#hosts.delete(name);
  }
}
