import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Outcome } from "./run.ts";
import type { Task } from "./worker.ts";

/** How many seeds a worker is given at once. */
const CHUNK = 5;
const WORKERS_MAX = 8;

/** Several workers that run seeds. */
export class Pool implements AsyncDisposable {
  readonly #idle: Worker[];
  readonly #all: readonly Worker[];
  readonly #waiting: ((worker: Worker) => void)[] = [];

  constructor(size = Math.min(WORKERS_MAX, availableParallelism())) {
    this.#all = Array.from({ length: size }, () => new Worker(new URL("./worker.ts", import.meta.url)));
    this.#idle = [...this.#all];
  }

  /** Runs seeds, and tells of each as it comes. */
  async run({ from, count, mutant }: Omit<Task, "untilFailure">, take: (outcome: Outcome) => void): Promise<void> {
    let next = from;
    const work = async (): Promise<void> => {
      while (next < from + count) {
        const size = Math.min(CHUNK, from + count - next);
        const task = { from: next, count: size, ...(mutant !== undefined && { mutant }) };
        next += size;
        for (const outcome of await this.#perform(task)) take(outcome);
      }
    };
    await Promise.all(this.#all.map(work));
  }

  /** Runs seeds from the first on, one after the other, up to the first that fails; undefined: none does. */
  async firstFailure(mutant: string, count: number): Promise<Outcome | undefined> {
    const outcomes = await this.#perform({ from: 1, count, mutant, untilFailure: true });
    return outcomes.find(({ problems }) => problems.length > 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }

  async #perform(task: Task): Promise<readonly Outcome[]> {
    const worker = await this.#take();
    worker.postMessage(task);
    const [outcomes] = (await once(worker, "message")) as [readonly Outcome[]];
    this.#give(worker);
    return outcomes;
  }

  #take(): Promise<Worker> {
    const worker = this.#idle.pop();
    return worker === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(worker);
  }

  #give(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(worker);
    else next(worker);
  }
}
