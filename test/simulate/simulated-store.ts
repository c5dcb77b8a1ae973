import type { Gate } from "@antiphon/processor/testing";
import { type MemoryStore, memoryStore, type Space, type Store, StoreUnavailableError } from "@antiphon/store";
import type { Faults } from "./faults.ts";
import type { World } from "./world.ts";

/** How many of the newest changes a replica may not have yet when it takes over. */
const LAG_MAX = 40;
/** How late a commit arrives that was given up. */
const LATE_MS_MAX = 5_000;

/** The one Redis of all processes, which can be flushed, and fail over to a replica that is behind. */
export class SimulatedStore {
  readonly #world: World;
  #store: MemoryStore = memoryStore();
  #changes: ((store: Store) => Promise<unknown>)[] = [];
  downUntilMs = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** What it holds now, for who looks at it from outside. */
  get held(): Store {
    return this.#store;
  }

  read<T>(read: (store: Store) => Promise<T>): Promise<T> {
    return read(this.#store);
  }

  /** Nothing within a store in memory waits for anything: it has changed when this returns. */
  change<T>(change: (store: Store) => Promise<T>): Promise<T> {
    this.#changes.push(change);
    return change(this.#store);
  }

  flush(): void {
    this.#store.loseEverything();
    this.#changes = [];
  }

  /** A replica takes over that does not know the newest changes. */
  failOver(): void {
    const lag = this.#world.between(1, LAG_MAX);
    this.#changes = this.#changes.slice(0, Math.max(0, this.#changes.length - lag));
    this.#store = memoryStore();
    for (const change of this.#changes) void change(this.#store);
  }
}

/** The store as one process has it. */
export function storeClient(
  redis: SimulatedStore,
  { world, faults, gate }: { readonly world: World; readonly faults: Faults; readonly gate: Gate },
): Store {
  async function call<T>(act: () => Promise<T>, mayBeLate: boolean): Promise<T> {
    await world.schedule.point(gate);
    if (!world.isCalm && redis.downUntilMs > world.nowMs) throw new StoreUnavailableError("nobody answers");
    if (world.strikes(faults.lost, "store requests lost")) throw new StoreUnavailableError("lost on the way there");
    if (mayBeLate && world.strikes(faults.late, "store commits late")) {
      void world.sleep(world.schedule.below(LATE_MS_MAX)).then(act);
      throw new StoreUnavailableError("late");
    }
    const answer = await act();
    await world.schedule.point(gate);
    if (world.strikes(faults.answerLost, "store answers lost")) throw new StoreUnavailableError("lost on the way back");
    return answer;
  }
  const change = <T>(act: (store: Store) => Promise<T>): Promise<T> => call(() => redis.change(act), true);
  return {
    load: (space: Space, keys) => call(() => redis.read((store) => store.load(space, keys)), false),
    scan: (space, index, range) => call(() => redis.read((store) => store.scan(space, index, range)), false),
    commit: (space, commit) => change((store) => store.commit(space, commit)),
    wipe: (space) => change((store) => store.wipe(space)),
    async [Symbol.asyncDispose]() {},
  };
}
