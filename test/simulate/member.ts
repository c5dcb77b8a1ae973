import { type Committed, errorOf } from "@antiphon/log";
import type { Groups, Joining } from "./groups.ts";
import type { World } from "./world.ts";

/** One partition of a group's topics, and who has it. */
export interface Seat {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly group: string;
  owner: Member | undefined;
  wanted: Member | undefined;
  /** Counts the changes of its owner. */
  turn: number;
  isSettling: boolean;
}

interface Work {
  /** Of its partition's turns, the one for which it was begun. */
  readonly turn: number;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** How often a position is sent that is lost on its way, and how long it rests in between, as the client of Kafka does. */
const COMMIT_TRIES_MAX = 5;
const COMMIT_PAUSE_MS = 100;
const LOST_PROBABILITY = 0.05;
/** How often a member hears late that a partition has been taken away. */
const DEAF_PROBABILITY = 0.3;
/** How long a member may take to hear that a partition has been taken away. */
const DEAF_MS_MAX = 3_000;

/** One process in one group: works on what it is given, and lets go when it hears that it was taken away. */
export class Member {
  readonly id: string;
  readonly places: ReadonlySet<string>;
  readonly process: string;
  readonly stopped: Promise<void>;
  readonly #world: World;
  readonly #groups: Groups;
  readonly #joining: Joining;
  readonly #stopping = Promise.withResolvers<void>();
  readonly #working = new Map<string, Work>();
  /** By partition: the last turn that it has heard to be over. */
  readonly #over = new Map<string, number>();
  isLeaving = false;

  constructor(world: World, groups: Groups, joining: Joining, places: ReadonlySet<string>, id: string) {
    this.#world = world;
    this.#groups = groups;
    this.#joining = joining;
    this.places = places;
    this.id = id;
    this.process = joining.process;
    this.stopped = this.#stopping.promise;
    this.stopped.catch(() => {});
  }

  /** A partition is given to it; it begins when it has heard of that, and has ended its former work on it. */
  take(seat: Seat, turn: number): void {
    void this.#begin(seat, turn);
  }

  /**
   * Resolves when it has let go of a partition, which it may never do. What it works on for a later turn, by the time that it
   * hears of this, it keeps; for this turn it begins nothing any more.
   */
  async release(key: string, turn: number): Promise<void> {
    if (this.#world.strikes(DEAF_PROBABILITY, "owners that heard late that they are none")) {
      await this.#world.sleep(this.#world.schedule.below(DEAF_MS_MAX), this.#joining.gate);
    }
    await this.#world.schedule.point(this.#joining.gate);
    this.#over.set(key, Math.max(turn, this.#over.get(key) ?? turn));
    const work = this.#working.get(key);
    if (work === undefined || work.turn > turn) return;
    work.controller.abort();
    await work.ended;
  }

  async releaseAll(): Promise<void> {
    await Promise.all([...this.#working].map(([key, { turn }]) => this.release(key, turn)));
  }

  abort(): void {
    for (const { controller } of this.#working.values()) controller.abort();
  }

  async leave(): Promise<void> {
    this.isLeaving = true;
    this.abort();
    await Promise.all([...this.#working.values()].map(({ ended }) => ended));
    this.#stopping.resolve();
  }

  async #begin(seat: Seat, turn: number): Promise<void> {
    const { gate, run } = this.#joining;
    await this.#world.schedule.point(gate);
    await this.#working.get(seat.key)?.ended;
    await this.#world.schedule.point(gate);
    if (seat.turn !== turn || turn <= (this.#over.get(seat.key) ?? 0) || this.isLeaving) return;
    const { topic, partition, key } = seat;
    const controller = new AbortController();
    const committed = this.#groups.committed(seat);
    const commit = async (position: Committed): Promise<void> => {
      for (let tries = 0; tries < COMMIT_TRIES_MAX; tries++) {
        await this.#world.schedule.point(gate);
        if (!this.#world.strikes(LOST_PROBABILITY, "positions lost")) return this.#groups.commit(seat, turn, position);
        await this.#world.sleep(COMMIT_PAUSE_MS, gate);
      }
    };
    const work = run({ topic, partition, committed, signal: controller.signal, commit });
    const ended = work.catch((error: unknown) => {
      this.#world.tell(() => `${this.id} cannot go on with ${key}: ${errorOf(error).message}`);
      this.#stopping.reject(errorOf(error));
    });
    this.#working.set(key, { turn, controller, ended });
    void ended.then(() => {
      if (this.#working.get(key)?.ended === ended) this.#working.delete(key);
    });
  }
}
