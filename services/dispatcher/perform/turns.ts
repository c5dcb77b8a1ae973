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

  /** Resolves when it is one's turn; with undefined if the signal aborts before that. */
  take(name: string, signal: AbortSignal): Promise<Turn | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    const host = this.#hosts.get(name) ?? { busy: 0, queue: new Set() };
    this.#hosts.set(name, host);
    if (host.busy < this.#perHost) return Promise.resolve(this.#begin(name, host));
    return new Promise((resolve) => {
      const begin = (turn: Turn): void => {
        signal.removeEventListener("abort", leave);
        resolve(turn);
      };
      const leave = (): void => {
        host.queue.delete(begin);
        resolve(undefined);
      };
      host.queue.add(begin);
      signal.addEventListener("abort", leave, { once: true });
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
