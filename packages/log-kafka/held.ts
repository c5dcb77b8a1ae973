import { type Committed, errorOf, type Owned, settledWithin } from "@antiphon/log";
import { keyOf, type Place } from "./subscription.ts";

interface Work {
  readonly place: Place;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** What `run` is given, but for its signal. */
export type Offer = Omit<Owned, "signal">;

/** The partitions that a member works on. */
export class Held {
  readonly #run: (owned: Owned) => Promise<void>;
  readonly #handoverMsMax: number;
  readonly #failed: (error: Error) => void;
  readonly #works = new Map<string, Work>();
  /** Runs that outlived the limit: their partition is not begun again before they have ended. */
  readonly #overdue = new Map<string, Promise<void>>();

  constructor(run: (owned: Owned) => Promise<void>, handoverMsMax: number, failed: (error: Error) => void) {
    this.#run = run;
    this.#handoverMsMax = handoverMsMax;
    this.#failed = failed;
  }

  places(): Place[] {
    return [...this.#works.values()].map(({ place }) => place);
  }

  has(place: Place): boolean {
    return this.#works.has(keyOf(place));
  }

  /** Begins to work on a partition. */
  take(place: Place, offer: Offer): void {
    const key = keyOf(place);
    const controller = new AbortController();
    const { signal } = controller;
    const before = this.#overdue.get(key) ?? Promise.resolve();
    const work = async (): Promise<void> => {
      await before;
      if (!signal.aborted) await this.#run({ ...offer, signal });
    };
    const ended = work().catch((error: unknown) => {
      if (!(signal.aborted && errorOf(error).name === "AbortError")) this.#failed(errorOf(error));
    });
    this.#works.set(key, { place, controller, ended });
  }

  /** Ends the work on partitions and waits for it, up to the limit. */
  async release(places: readonly Place[]): Promise<void> {
    await Promise.all(places.map((place) => this.#release(keyOf(place))));
  }

  async #release(key: string): Promise<void> {
    const work = this.#works.get(key);
    if (work === undefined) return;
    work.controller.abort();
    if (!(await settledWithin(work.ended, this.#handoverMsMax))) {
      this.#overdue.set(key, work.ended);
      void work.ended.then(() => this.#overdue.delete(key));
    }
    this.#works.delete(key);
  }
}

/** The position in a group's answer: none if nobody ever committed one. */
export function committedOf(offset: string, metadata: string | null): Committed | undefined {
  return Number(offset) < 0 ? undefined : { offset: Number(offset), note: metadata ?? "" };
}
