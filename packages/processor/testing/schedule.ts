/** How many turns a run may take before it counts as one that never ends. */
const TURNS_MAX = 200_000;

/** A seeded order of things: whoever waits at a `point` is let on in an order that the seed decides, one at a time. */
export class Schedule {
  #state: number;
  readonly #waiting: (() => void)[] = [];

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0 up to 1 (mulberry32). */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** Waits until the schedule lets this one on. */
  point(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Lets one after the other on until `done`; `idle` is called when nobody waits. */
  async run(done: () => boolean, idle: () => void): Promise<void> {
    for (let turn = 0; !done(); turn++) {
      if (turn === TURNS_MAX) throw new Error(`expected an end within ${TURNS_MAX} turns, found none`);
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = this.#waiting.splice(Math.floor(this.random() * this.#waiting.length), 1);
      if (next === undefined) idle();
      else next();
    }
  }
}
