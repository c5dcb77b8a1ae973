import type { Owned } from "@antiphon/log";
import type { Clock } from "@antiphon/processor";

/** How often a position is remembered for the next owner at most, in milliseconds. */
export const COMMIT_MS = 200;

/** Of what is under way: the offset of the oldest; undefined: there is none. */
export interface UnderWay {
  request(): number | undefined;
  /** Of the events for sinks and of the lifecycle. */
  event(): number | undefined;
}

/**
 * Where a partition's next owner goes on: it reads from the oldest fact that it needs. It sends nothing again below
 * `relayed`, and no event to a sink and none of the lifecycle below `delivered`; the committed position carries both as
 * its note, `relayed/delivered`, or one number if they are the same.
 */
export class Position {
  /** Everything below has been sent. */
  relayed: number;
  /** Everything below has been taken in. */
  taken: number;
  readonly #owned: Owned;
  readonly #clock: Clock;
  readonly #oldest: UnderWay;
  /** Where the former owner had got to. */
  readonly #deliveredBefore: number;
  #committed: string;
  #waiting = false;

  constructor(owned: Owned, clock: Clock, oldest: UnderWay) {
    const { offset, note } = owned.committed ?? { offset: 0, note: "0" };
    const [, relayed = offset, delivered = relayed] = /^(\d+)(?:\/(\d+))?$/.exec(note) ?? [];
    this.taken = offset;
    this.relayed = Math.max(Number(relayed), offset);
    this.#deliveredBefore = Math.max(Number(delivered), offset);
    this.#owned = owned;
    this.#clock = clock;
    this.#oldest = oldest;
    this.#committed = keyOf(this.taken, this.#note);
  }

  /** Every event for a sink and of the lifecycle below has been delivered. */
  get delivered(): number {
    return Math.max(this.#deliveredBefore, Math.min(this.#oldest.event() ?? this.taken, this.taken));
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
    const open = [this.#oldest.request(), this.#oldest.event()].filter((offset) => offset !== undefined);
    const offset = Math.min(this.taken, ...open);
    const note = this.#note;
    const key = keyOf(offset, note);
    if (key === this.#committed) return;
    this.#committed = key;
    await this.#owned.commit({ offset, note });
  }

  get #note(): string {
    const { relayed, delivered } = this;
    return relayed === delivered ? String(relayed) : `${relayed}/${delivered}`;
  }
}

function keyOf(offset: number, note: string): string {
  return `${offset} ${note}`;
}
