import { Worker } from "node:worker_threads";
import type { Bundle, Problem, ReadResult } from "@antiphon/definition";
import { parseJson } from "@antiphon/protocol";

/** How long the documents of one bundle may take to be read and checked, in milliseconds. */
export const READ_MS_MAX = 3_000;
/** How long a thread may take to be there, in milliseconds. */
export const THREAD_START_MS_MAX = 30_000;
/** How many bundles may wait to be read; a further one is turned away. */
export const READS_WAITING_MAX = 16;
/** How much memory reading may take, in MiB. */
const MEMORY_MB_MAX = 512;

/** What reading a bundle came to: its definition or problems, and what is wrong with the schemas of a definition. */
export type BundleReading = ReadResult & { readonly schemaProblems: readonly Problem[] };

/** Reads a bundle with an environment. */
export type ReadBundleFiles = (bundle: Bundle, env: Readonly<Record<string, string>>) => Promise<BundleReading>;

/** More bundles wait to be read than may. */
export class TooManyReadsError extends Error {
  override readonly name = "TooManyReadsError";
}

/**
 * Reads bundles of strangers in a thread of its own, one after the other, so that one which takes long holds up nobody who
 * decides. What takes longer than `READ_MS_MAX`, or more memory than there is for it, is a problem of the bundle.
 */
export class AsideReader implements AsyncDisposable {
  #worker: Promise<Worker> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  readonly #limitMs: number;

  constructor(limitMs = READ_MS_MAX) {
    this.#limitMs = limitMs;
  }

  /** Throws `TooManyReadsError`. */
  read: ReadBundleFiles = async (bundle, env) => {
    if (this.#waiting >= READS_WAITING_MAX) {
      throw new TooManyReadsError(`${READS_WAITING_MAX} definitions wait to be read already`);
    }
    this.#waiting += 1;
    const reading = this.#turn.then(() => this.#read(bundle, env));
    this.#turn = reading.catch(() => {}).finally(() => (this.#waiting -= 1));
    return await reading;
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn;
    await this.#end();
  }

  async #read(bundle: Bundle, env: Readonly<Record<string, string>>): Promise<BundleReading> {
    this.#worker ??= startWorker();
    const worker = await this.#worker.catch((error: unknown) => {
      this.#worker = undefined;
      throw error;
    });
    const answer = Promise.withResolvers<BundleReading | string>();
    const onMessage = (text: string): void => answer.resolve(parseJson(text) as unknown as BundleReading);
    const onError = (error: Error): void => answer.resolve(`${error.message}`);
    const onExit = (): void => answer.resolve("its thread ended");
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    const late = setTimeout(() => answer.resolve(`it takes longer than ${this.#limitMs} ms`), this.#limitMs);
    worker.postMessage({ bundle, env });
    const came = await answer.promise;
    clearTimeout(late);
    worker.off("message", onMessage).off("error", onError).off("exit", onExit);
    if (typeof came !== "string") return came;
    await this.#end();
    return { problems: [unreadable(bundle, came)], wanted: [], schemaProblems: [] };
  }

  async #end(): Promise<void> {
    const worker = await this.#worker?.catch(() => undefined);
    this.#worker = undefined;
    await worker?.terminate();
  }
}

/** A thread that says that it is there. It keeps no process alive. */
async function startWorker(): Promise<Worker> {
  const worker = new Worker(new URL("./read-worker.ts", import.meta.url), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
  });
  const started = Promise.withResolvers<Worker>();
  worker.once("message", () => started.resolve(worker)).once("error", started.reject);
  const late = setTimeout(() => {
    started.reject(new Error(`reading definitions: expected a thread within ${THREAD_START_MS_MAX} ms, found none`));
  }, THREAD_START_MS_MAX);
  try {
    await started.promise;
  } catch (error) {
    await worker.terminate();
    throw error;
  } finally {
    clearTimeout(late);
  }
  worker.removeAllListeners("message").removeAllListeners("error");
  // Without a listener an error of the thread would end the process.
  worker.on("error", () => {});
  worker.unref();
  return worker;
}

function unreadable({ path }: Bundle, found: string): Problem {
  const expected = "a definition that can be read and checked in a short time";
  return { file: path, line: 1, column: 1, pointer: "", expected, found: `one of which ${found}` };
}
