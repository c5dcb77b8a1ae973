import { newId } from "@antiphon/host";
import type { Clock, Logger } from "@antiphon/processor";
import type { JsonObject } from "@antiphon/protocol";
import { unavailable } from "../http/errors.ts";
import { Problem } from "../http/problem.ts";
import { iso } from "../queries/parameters.ts";

/** How many jobs run at a time, and how many that have ended are remembered. */
export const JOBS_RUNNING_MAX = 4;
export const JOBS_ENDED_MAX = 100;

/** Work that goes on behind a request that has been answered. */
export interface Job {
  readonly kind: string;
  /** Resolves when all is done, or the signal has aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** What there is to tell of it now. */
  progress(): JsonObject;
}

interface Kept {
  readonly job: Job;
  readonly startedMs: number;
  end?: { readonly status: "done" | "failed" | "stopped"; readonly atMs: number; readonly reason?: string };
}

interface JobsPorts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The jobs of one gateway process. They end with it, and nobody else knows of them. */
export class Jobs {
  readonly #ports: JobsPorts;
  readonly #signal: AbortSignal;
  readonly #jobs = new Map<string, Kept>();

  constructor(ports: JobsPorts, signal: AbortSignal) {
    this.#ports = ports;
    this.#signal = signal;
  }

  /** Begins a job, and says which it is. A 503 if too many run already. */
  start(job: Job): string {
    const ended = [...this.#jobs].filter(([, { end }]) => end !== undefined);
    if (this.#jobs.size - ended.length >= JOBS_RUNNING_MAX) throw unavailable(`${JOBS_RUNNING_MAX} jobs run already`);
    const surplus = Math.max(0, ended.length - JOBS_ENDED_MAX + 1);
    for (const [id] of ended.slice(0, surplus)) this.#jobs.delete(id);
    const id = newId();
    const kept: Kept = { job, startedMs: this.#ports.clock.now() };
    this.#jobs.set(id, kept);
    void this.#run(id, kept);
    return id;
  }

  /** How a job stands; a 404 if this process has none of this id. */
  show(id: string): JsonObject {
    const kept = this.#jobs.get(id);
    if (kept === undefined) {
      const detail = `job: expected the id of a job of this gateway since it has started, found ${JSON.stringify(id)}`;
      throw new Problem(404, "no-such-job", detail);
    }
    const { job, startedMs, end } = kept;
    return {
      job: id,
      kind: job.kind,
      status: end?.status ?? "running",
      ...(end?.reason !== undefined && { reason: end.reason }),
      ...job.progress(),
      startedAt: iso(startedMs),
      ...(end && { endedAt: iso(end.atMs) }),
    };
  }

  async #run(id: string, kept: Kept): Promise<void> {
    const { clock, logger } = this.#ports;
    try {
      await kept.job.run(this.#signal);
      kept.end = { status: this.#signal.aborted ? "stopped" : "done", atMs: clock.now() };
    } catch (error) {
      logger.warn({ err: error, job: id }, "a job has failed");
      kept.end = { status: "failed", atMs: clock.now(), reason: (error as Error).message };
    }
  }
}
