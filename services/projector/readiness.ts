import type { Health } from "@antiphon/host";

/** The name of the health check. */
const CHECK = "views";

/** How one partition stands. */
export interface Progress extends Disposable {
  /** There is more to read than has been folded. Says nothing once the partition has caught up. */
  behind(): void;
  caughtUp(): void;
}

/**
 * A projector is ready unless a partition that it was handed has yet to catch up for the first time. One that is read to
 * its end at the first look was never behind, so an ordinary start is not logged as an outage.
 */
export class Readiness {
  readonly #health: Pick<Health, "set">;
  readonly #behind = new Set<string>();

  constructor(health: Pick<Health, "set">) {
    this.#health = health;
    health.set(CHECK, true);
  }

  /** A partition has been handed over; disposal says that it was taken away again. */
  begin(place: string): Progress {
    let isNew = true;
    const caughtUp = (): void => {
      isNew = false;
      if (this.#behind.delete(place)) this.#tell();
    };
    return {
      behind: () => {
        if (!isNew || this.#behind.has(place)) return;
        this.#behind.add(place);
        this.#tell();
      },
      caughtUp,
      [Symbol.dispose]: caughtUp,
    };
  }

  #tell(): void {
    const places = [...this.#behind].sort();
    if (places.length === 0) this.#health.set(CHECK, true);
    else this.#health.set(CHECK, false, `still reading ${places.join(", ")}`);
  }
}
