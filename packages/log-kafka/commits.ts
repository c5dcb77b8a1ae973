import { setTimeout as sleep } from "node:timers/promises";
import { type Committed, errorOf } from "@antiphon/log";
import type { KafkaLogger } from "./options.ts";
import { keyOf, type Place } from "./subscription.ts";

/** How often a commit is tried while its sender waits. */
const TRIES_MAX = 5;
const TRY_INTERVAL_MS = 100;
/** When what its sender no longer waits for is tried again, in milliseconds. */
const AGAIN_MS = 1_000;

/** A position to be committed. */
export interface Position extends Place, Committed {}

/** How long `Commits` rests, in milliseconds; tests shorten it. */
export interface CommitTimes {
  readonly tryIntervalMs: number;
  readonly againMs: number;
}

/**
 * Commits positions, one request at a time: what is committed meanwhile goes with the next, the newest of each partition.
 * A position that could not be committed is tried again until it is, until a newer one takes its place, or until its
 * partition is let go of: else a group whose topic has gone quiet would seem to be behind for good, and its next owner
 * would do again what was done.
 */
export class Commits {
  readonly #commit: (positions: readonly Position[]) => Promise<void>;
  readonly #logger: KafkaLogger;
  readonly #times: CommitTimes;
  #waiting = new Map<string, Position>();
  #running: Promise<void> | undefined;
  /** What could not be committed and is no longer waited for; at most one position of each partition that is held. */
  readonly #left = new Map<string, Position>();
  #again: NodeJS.Timeout | undefined;

  constructor(
    commit: (positions: readonly Position[]) => Promise<void>,
    logger: KafkaLogger,
    times: CommitTimes = { tryIntervalMs: TRY_INTERVAL_MS, againMs: AGAIN_MS },
  ) {
    this.#commit = commit;
    this.#logger = logger;
    this.#times = times;
  }

  /** Resolves when the position, or a newer one, is committed, or when it is left to be tried again later. */
  async add(position: Position): Promise<void> {
    const key = keyOf(position);
    this.#left.delete(key);
    this.#waiting.set(key, position);
    while (this.#waiting.get(key) === position) {
      this.#running ??= this.#flush().finally(() => {
        this.#running = undefined;
      });
      await this.#running;
    }
  }

  /** Tries no more to commit positions of partitions that another may work on. */
  forget(places: readonly Place[]): void {
    for (const place of places) this.#left.delete(keyOf(place));
  }

  async #flush(): Promise<void> {
    const positions = this.#waiting;
    this.#waiting = new Map();
    for (let tries = 1; ; tries++) {
      try {
        await this.#commit([...positions.values()]);
        return;
      } catch (error) {
        if (tries < TRIES_MAX) await sleep(this.#times.tryIntervalMs);
        else {
          const { againMs } = this.#times;
          this.#logger.debug({ reason: errorOf(error).message, againMs }, "positions were not committed; trying again");
          this.#leave(positions);
          return;
        }
      }
    }
  }

  #leave(positions: ReadonlyMap<string, Position>): void {
    for (const [key, position] of positions) if (!this.#waiting.has(key)) this.#left.set(key, position);
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      for (const position of [...this.#left.values()]) void this.add(position);
    }, this.#times.againMs);
    this.#again.unref();
  }
}
