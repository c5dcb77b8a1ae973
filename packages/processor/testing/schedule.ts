/** How many turns a run may take before it counts as one that never ends, unless it says otherwise. */
const TURNS_MAX = 200_000;

/** Whose points these are. While it is closed, none of them is let on: its owner stands still, or is no more. */
export class Gate {
  #isOpen = true;
  #held: (() => void)[] = [];
  readonly #schedule: Pick<Schedule, "wait">;

  constructor(schedule: Pick<Schedule, "wait">) {
    this.#schedule = schedule;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  close(): void {
    this.#isOpen = false;
  }

  /** Whoever was held goes on waiting for the schedule. */
  open(): void {
    this.#isOpen = true;
    const held = this.#held;
    this.#held = [];
    for (const letOn of held) this.#schedule.wait(letOn, this);
  }

  /** Closes for good, and lets go of who is held: nobody hears of them again. */
  shut(): void {
    this.#isOpen = false;
    this.#held = [];
  }

  hold(letOn: () => void): void {
    this.#held.push(letOn);
  }
}

/** A seeded order of things: whoever waits at a `point` is let on in an order that the seed decides, one at a time. */
export class Schedule {
  #state: number;
  readonly #waiting: { readonly letOn: () => void; readonly gate: Gate | undefined }[] = [];
  #turns = 0;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** How many have been let on. */
  get turns(): number {
    return this.#turns;
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

  /** A whole number from 0 up to one below `count`. */
  below(count: number): number {
    return Math.floor(this.random() * count);
  }

  /** Waits until the schedule lets this one on. */
  point(gate?: Gate): Promise<void> {
    return new Promise((resolve) => this.wait(resolve, gate));
  }

  wait(letOn: () => void, gate: Gate | undefined): void {
    this.#waiting.push({ letOn, gate });
  }

  /** Lets one after the other on until `done`; `idle` is called when nobody waits. */
  async run(done: () => boolean, idle: () => void, turnsMax = TURNS_MAX): Promise<void> {
    for (let turn = 0; !done(); turn++) {
      if (turn === turnsMax) throw new Error(`expected an end within ${turnsMax} turns, found none`);
      await new Promise((resolve) => setImmediate(resolve));
      const letOn = this.#next();
      if (letOn === undefined) idle();
      else letOn();
    }
  }

  /** One of those who wait, by chance. Those whose gate is closed are held there until it opens. */
  #next(): (() => void) | undefined {
    while (this.#waiting.length > 0) {
      const at = this.below(this.#waiting.length);
      const last = this.#waiting.pop();
      const chosen = at === this.#waiting.length ? last : this.#waiting[at];
      if (last !== undefined && at < this.#waiting.length) this.#waiting[at] = last;
      if (chosen === undefined) return undefined;
      const { letOn, gate } = chosen;
      if (gate === undefined || gate.isOpen) {
        this.#turns++;
        return letOn;
      }
      gate.hold(letOn);
    }
    return undefined;
  }
}
