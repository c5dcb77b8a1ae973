import type { Health } from "@antiphon/host";

/** The name of the health check. */
const CHECK = "views";

/** A projector is ready when each partition that it was handed has caught up once. */
export class Readiness {
  readonly #health: Pick<Health, "set">;
  readonly #behind = new Set<string>();

  constructor(health: Pick<Health, "set">) {
    this.#health = health;
    health.set(CHECK, true);
  }

  /** A partition has been handed over; disposal says that it has caught up, or was taken away again. */
  begin(place: string): Disposable {
    this.#behind.add(place);
    this.#tell();
    return {
      [Symbol.dispose]: () => {
        if (this.#behind.delete(place)) this.#tell();
      },
    };
  }

  #tell(): void {
    const count = this.#behind.size;
    if (count === 0) this.#health.set(CHECK, true);
    else this.#health.set(CHECK, false, `${count} partitions are still being read`);
  }
}
