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

  /** Runs seeds until there are no more, or until `enough` of one outcome; tells of each as it comes. */
  async run(
    seeds: { readonly from: number; readonly count: number; readonly mutant?: string },
    take: (outcome: Outcome) => "go on" | "enough",
  ): Promise<void> {
    const { from, count, mutant } = seeds;
    let next = from;
    let isEnough = false;
    const work = async (): Promise<void> => {
      while (next < from + count && !isEnough) {
        const task = { from: next, count: Math.min(CHUNK, from + count - next), ...(mutant !== undefined && { mutant }) };
        next += task.count;
        for (const outcome of await this.#perform(task)) if (take(outcome) === "enough") isEnough = true;
      }
    };
    await Promise.all(this.#all.map(work));
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
