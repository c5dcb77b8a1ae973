import type { Batch, Fact } from "@antiphon/log";
import type { Bell } from "./bell.ts";

/** Inputs as they arrive: a batch at a time is read ahead of what is decided, and the bell rings for each. */
export class Inbox {
  readonly #tail: AsyncIterator<Batch>;
  readonly #bell: Bell;
  #waiting: Fact[] = [];
  #isOver = false;
  #failure: unknown;

  constructor(tail: AsyncIterable<Batch>, bell: Bell) {
    this.#tail = tail[Symbol.asyncIterator]();
    this.#bell = bell;
    void this.#pull();
  }

  /** The tail has ended; nothing more will come. */
  get isOver(): boolean {
    return this.#isOver && this.#waiting.length === 0;
  }

  /** What has arrived, at most `max`. Throws what the tail met. */
  take(max: number): readonly Fact[] {
    if (this.#failure !== undefined) throw this.#failure;
    const taken = this.#waiting.splice(0, max);
    if (taken.length > 0 && this.#waiting.length === 0) void this.#pull();
    return taken;
  }

  async #pull(): Promise<void> {
    try {
      while (this.#waiting.length === 0 && !this.#isOver) {
        const { done, value } = await this.#tail.next();
        if (done === true) this.#isOver = true;
        else this.#waiting = [...value.records];
      }
    } catch (error) {
      this.#failure = error;
    }
    this.#bell.ring();
  }
}
