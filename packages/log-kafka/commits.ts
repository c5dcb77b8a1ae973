import { setTimeout as sleep } from "node:timers/promises";
import { type Committed, errorOf } from "@antiphon/log";
import type { KafkaLogger } from "./options.ts";
import { keyOf, type Place } from "./subscription.ts";

const TRIES_MAX = 5;
const TRY_INTERVAL_MS = 100;

/** A position to be committed. */
export interface Position extends Place, Committed {}

/** Commits positions, one request at a time: what is committed meanwhile goes with the next, the newest of each partition. */
export class Commits {
  readonly #commit: (positions: readonly Position[]) => Promise<void>;
  readonly #logger: KafkaLogger;
  #waiting = new Map<string, Position>();
  #running: Promise<void> | undefined;

  constructor(commit: (positions: readonly Position[]) => Promise<void>, logger: KafkaLogger) {
    this.#commit = commit;
    this.#logger = logger;
  }

  /** Resolves when the position, or a newer one, is committed, or when that was given up. */
  async add(position: Position): Promise<void> {
    this.#waiting.set(keyOf(position), position);
    while (this.#waiting.get(keyOf(position)) === position) {
      this.#running ??= this.#flush().finally(() => {
        this.#running = undefined;
      });
      await this.#running;
    }
  }

  async #flush(): Promise<void> {
    const positions = [...this.#waiting.values()];
    this.#waiting = new Map();
    for (let tries = 1; ; tries++) {
      try {
        await this.#commit(positions);
        return;
      } catch (error) {
        if (tries < TRIES_MAX) await sleep(TRY_INTERVAL_MS);
        else {
          this.#logger.debug(
            { reason: errorOf(error).message },
            "a position was not committed; the next owner begins earlier",
          );
          return;
        }
      }
    }
  }
}
