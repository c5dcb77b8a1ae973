import type { Owned } from "@antiphon/log";
import type { Clock } from "@antiphon/processor";

/** How often a position is remembered for the next owner at most, in milliseconds. */
export const COMMIT_MS = 200;

/**
 * Where a partition's next owner goes on: it reads from the oldest fact that it needs, and sends nothing again below
 * `relayed`, which the committed position carries as its note.
 */
export class Position {
  /** Everything below has been sent. */
  relayed: number;
  /** Everything below has been taken in. */
  taken: number;
  readonly #owned: Owned;
  readonly #clock: Clock;
  readonly #oldest: () => number | undefined;
  #committed: string;
  #waiting = false;

  /** `oldest` is the offset of the oldest request that is not finished. */
  constructor(owned: Owned, clock: Clock, oldest: () => number | undefined) {
    const { offset, note } = owned.committed ?? { offset: 0, note: "0" };
    this.taken = offset;
    this.relayed = /^\d+$/.test(note) ? Math.max(Number(note), offset) : offset;
    this.#owned = owned;
    this.#clock = clock;
    this.#oldest = oldest;
    this.#committed = keyOf(this.taken, this.relayed);
  }

  /** It may have moved: it is committed within `COMMIT_MS`, once for all that happens until then. */
  changed(): void {
    if (this.#waiting || this.#owned.signal.aborted) return;
    this.#waiting = true;
    void this.#clock.sleep(COMMIT_MS, this.#owned.signal).then(() => {
      this.#waiting = false;
      // At the end the owner commits by itself, when it has finished.
      return this.#owned.signal.aborted ? undefined : this.commit();
    });
  }

  async commit(): Promise<void> {
    const offset = Math.min(this.#oldest() ?? this.taken, this.taken);
    const key = keyOf(offset, this.relayed);
    if (key === this.#committed) return;
    this.#committed = key;
    await this.#owned.commit({ offset, note: String(this.relayed) });
  }
}

function keyOf(offset: number, relayed: number): string {
  return `${offset}/${relayed}`;
}
