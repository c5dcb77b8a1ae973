import type { Broker } from "./broker.ts";
import type { Groups } from "./groups.ts";
import { Process, type Surroundings } from "./process.ts";
import type { SimulatedStore } from "./simulated-store.ts";
import type { World } from "./world.ts";

/** Within so long things go wrong; then it is calm. */
export const TROUBLES_MS = 240_000;
const JUMP_MS_MAX = 600_000;
const PROCESSES = 2;

/** The processes, and what happens to them and to what they need. */
export class Troubles {
  readonly #around: Surroundings;
  readonly #world: World;
  readonly #broker: Broker;
  readonly #redis: SimulatedStore;
  readonly #groups: Groups;
  #processes: Process[] = [];
  #started = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    ({ world: this.#world, broker: this.#broker, redis: this.#redis, groups: this.#groups } = around);
    for (let i = 0; i < PROCESSES; i++) this.#start();
  }

  /** Plans so many troubles at times by chance. */
  plan(count: number): void {
    for (let i = 0; i < count; i++) {
      void this.#world.sleep(this.#world.schedule.below(TROUBLES_MS)).then(() => {
        if (!this.#world.isCalm) this.#strike();
      });
    }
  }

  /** From now on nothing goes wrong: all clocks are right, and all processes there. */
  calm(): void {
    this.#world.isCalm = true;
    for (const process of this.#processes) process.offsetMs = 0;
    while (this.#processes.length < PROCESSES) this.#start();
  }

  /** All but one process end; the last one takes everything over. */
  leaveOne(): void {
    const [, ...others] = this.#processes;
    this.#processes = this.#processes.slice(0, 1);
    for (const process of others) void process.stop();
  }

  #start(): void {
    this.#processes.push(new Process(this.#around, `p${this.#started++}`));
  }

  #strike(): void {
    const world = this.#world;
    const [first, ...others] = this.#processes;
    if (first === undefined) return;
    const process = world.oneOf([first, ...others]);
    const ms = world.schedule.below(20_000);
    const troubles: readonly [() => string, ...(() => string)[]] = [
      () => {
        process.kill();
        this.#replace(process);
        return "processes killed";
      },
      () => {
        this.#replace(process, process.stop());
        return "processes stopped";
      },
      () => {
        if (process.isHeld) return "";
        void process.hold(ms);
        return "processes held up";
      },
      () => {
        process.offsetMs = world.schedule.below(2 * JUMP_MS_MAX + 1) - JUMP_MS_MAX;
        return "clocks jumped";
      },
      () => {
        this.#redis.flush();
        return "stores flushed";
      },
      () => {
        this.#redis.failOver();
        return "stores failed over to a stale copy";
      },
      () => {
        this.#redis.downUntilMs = world.nowMs + ms;
        return "stores unreachable";
      },
      () => {
        this.#groups.shuffle();
        return "rebalances";
      },
      () => {
        const [topic, ...more] = this.#broker.topics as readonly [string, ...string[]];
        const chosen = world.oneOf([topic, ...more]);
        this.#broker.loseLeader(chosen, world.schedule.below(this.#broker.partitions(chosen) ?? 1), ms);
        return "leaders lost";
      },
    ];
    const what = world.oneOf(troubles)();
    if (what === "") return;
    world.happened(what);
    world.tell(() => `TROUBLE ${what} (${process.name}, ${ms} ms, clock ${process.offsetMs} ms off)`);
  }

  /** Another one is started in its place, after a while. */
  #replace(process: Process, ended: Promise<void> = Promise.resolve()): void {
    this.#processes = this.#processes.filter((one) => one !== process);
    ended.catch((error: unknown) => this.#around.failed(`${process.name} could not stop: ${String(error)}`));
    void this.#world.sleep(this.#world.schedule.below(15_000)).then(() => {
      if (this.#processes.length < PROCESSES) this.#start();
    });
  }
}
