import type { Committed, Owned } from "@antiphon/log";
import type { Clock, Logger } from "./ports.ts";

/** How long a position may be behind what it was told, in milliseconds. What is done again after a crash is no more than this. */
const COMMIT_MS = 200;

/** Commits an owned partition's newest position now and then, and at the end. */
export class LazyCommit implements AsyncDisposable {
  readonly #owned: Pick<Owned, "commit" | "topic" | "partition">;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #wanted: Committed | undefined;
  /** Ends the rest before the next commit; undefined: none is planned. */
  #rest: AbortController | undefined;
  #committing: Promise<void> | undefined;

  constructor(
    owned: Pick<Owned, "commit" | "topic" | "partition">,
    { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  ) {
    this.#owned = owned;
    this.#clock = clock;
    this.#logger = logger;
  }

  set(position: Committed): void {
    this.#wanted = position;
    if (this.#rest !== undefined) return;
    const rest = new AbortController();
    this.#rest = rest;
    void this.#clock.sleep(COMMIT_MS, rest.signal).then(() => (rest.signal.aborted ? undefined : this.flush()));
  }

  /** Commits what was set last. A failure is only logged: the next owner then begins earlier. */
  async flush(): Promise<void> {
    this.#rest?.abort();
    this.#rest = undefined;
    await this.#committing;
    const position = this.#wanted;
    if (position === undefined) return;
    this.#wanted = undefined;
    const { topic, partition } = this.#owned;
    this.#committing = this.#owned.commit(position).catch((error: unknown) => {
      this.#logger.warn({ err: error, topic, partition }, "a position could not be committed");
    });
    await this.#committing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }
}
