/**
 * One look at something for all who ask at about the same time. Whoever asks is answered by a look that begins afterwards,
 * so that it sees what was there when it asked. One look is under way at a time, and one waits behind it.
 */
export class SharedLook<Seen> {
  readonly #look: () => Promise<Seen>;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<Seen> | undefined;

  constructor(look: () => Promise<Seen>) {
    this.#look = look;
  }

  see(): Promise<Seen> {
    this.#next ??= this.#begin();
    return this.#next;
  }

  async #begin(): Promise<Seen> {
    await this.#running;
    this.#next = undefined;
    const seen = this.#look();
    this.#running = seen.catch(() => {});
    return await seen;
  }
}
