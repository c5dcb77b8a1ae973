import { formatJson, type Json, topics } from "@antiphon/protocol";
import type { Bell } from "./bell.ts";
import type { Answer } from "./domain.ts";
import type { Fold } from "./fold.ts";
import { ForgetError } from "./forget.ts";
import type { Ports } from "./ports.ts";

/** Writes a fold to the store behind the head, one commit in flight, and answers who waits for what it then holds. */
export class StoreWriter {
  readonly #ports: Ports;
  readonly #space: string;
  readonly #fold: Fold<unknown, unknown, unknown>;
  readonly #bell: Bell;
  #running: Promise<void> | undefined;
  #failure: unknown;

  constructor(ports: Ports, space: string, fold: Fold<unknown, unknown, unknown>, bell: Bell) {
    this.#ports = ports;
    this.#space = space;
    this.#fold = fold;
    this.#bell = bell;
  }

  /** Throws what a write in the background met. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Starts writing if nothing is being written. The bell rings after each commit, and when one failed. */
  kick(): void {
    if (this.#running !== undefined || this.#failure !== undefined) return;
    this.#running = this.#write()
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#running = undefined;
        this.#bell.ring();
      });
  }

  /** Resolves when the store holds everything; throws if it cannot be brought there. */
  async flush(): Promise<void> {
    while (!this.#fold.isSaved) {
      this.kick();
      await this.#running;
      this.check();
    }
  }

  /** Resolves when no write is under way. */
  async settle(): Promise<void> {
    await this.#running;
  }

  async #write(): Promise<void> {
    while (!this.#fold.isSaved) {
      const { commit, done } = this.#fold.prepareCommit();
      const outcome = await this.#ports.store.commit(this.#space, commit);
      if (outcome === "conflict") {
        throw new ForgetError("store", `the store is not at ${commit.expected} any more`);
      }
      this.#answer(done());
      this.#bell.ring();
    }
  }

  /** An answer is not worth a retry: who asked looks again, and finds it. */
  #answer(answers: readonly Answer[]): void {
    if (answers.length === 0) return;
    const messages = answers.map(({ gateway, reply }) => ({
      topic: topics.replies,
      key: gateway,
      value: formatJson(reply as unknown as Json),
    }));
    this.#ports.log.publish(messages).catch((error: unknown) => {
      this.#ports.logger.warn({ err: error, answers: answers.length }, "answers could not be sent");
    });
  }
}
