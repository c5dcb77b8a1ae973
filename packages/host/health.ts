import type { Logger } from "./create-logger.ts";

/** How long a probe may take before it counts as failed, and for how long its answer is used again, in milliseconds. */
export const PROBE_TIMEOUT_MS = 2_000;
export const PROBE_FRESH_MS = 1_000;
/** Its time passes in so many steps. One that comes late counts as one: a process that was held up itself could not hear the answer. */
export const PROBE_STEPS = 20;

/** One named check: up, or down for a reason. */
export type CheckState = { readonly up: true } | { readonly up: false; readonly reason: string };

/** The answer of `/q/health/ready`, in the shape of MicroProfile Health. */
export interface HealthReport {
  readonly status: "UP" | "DOWN";
  readonly checks: readonly {
    readonly name: string;
    readonly status: "UP" | "DOWN";
    readonly data?: { readonly reason: string };
  }[];
}

/** Looks at something from time to time; throws what is wrong with it. */
export type Probe = (signal: AbortSignal) => Promise<unknown>;

/** Whether a process can do its work, as named checks. Ready is: all of them are up. Every change is logged once. */
export class Health {
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #checks = new Map<string, CheckState>();
  readonly #probes = new Map<string, Probe>();
  #probedMs = Number.NEGATIVE_INFINITY;
  #probing: Promise<void> | undefined;

  constructor(logger: Logger, now: () => number = () => performance.now()) {
    this.#logger = logger;
    this.#now = now;
  }

  /** Says how a check stands; `reason` is for when it is down. A check that was never set does not exist. */
  set(name: string, up: true): void;
  set(name: string, up: false, reason: string): void;
  set(name: string, up: boolean, reason = ""): void {
    const before = this.#checks.get(name);
    this.#checks.set(name, up ? { up } : { up, reason });
    if (before?.up === up) return;
    if (!up) this.#logger.warn({ check: name, reason }, `${name} is not ready`);
    else if (before !== undefined) this.#logger.info({ check: name }, `${name} is ready`);
  }

  /** Where the process itself stands. Ready is a service that is running; that it was not before is nobody's trouble. */
  enter(service: string, phase: "starting" | "running" | "stopping"): void {
    this.#checks.set(service, phase === "running" ? { up: true } : { up: false, reason: phase });
  }

  /** A check that is looked at whenever somebody asks for a report, because nothing would tell of its change. */
  probe(name: string, probe: Probe): void {
    this.#probes.set(name, probe);
  }

  /** Takes a check away, and its probe. */
  forget(name: string): void {
    this.#checks.delete(name);
    this.#probes.delete(name);
  }

  /** How everything stands now. Takes at most `PROBE_TIMEOUT_MS`, and for how long its process is held up. */
  async report(): Promise<HealthReport> {
    if (this.#now() - this.#probedMs >= PROBE_FRESH_MS) this.#probing ??= this.#probeAll();
    await this.#probing;
    const states = [...this.#checks].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      status: states.every(([, state]) => state.up) ? "UP" : "DOWN",
      checks: states.map(([name, state]) =>
        state.up ? { name, status: "UP" } : { name, status: "DOWN", data: { reason: state.reason } },
      ),
    };
  }

  async #probeAll(): Promise<void> {
    await Promise.all([...this.#probes].map(([name, probe]) => this.#probeOne(name, probe)));
    this.#probedMs = this.#now();
    this.#probing = undefined;
  }

  async #probeOne(name: string, probe: Probe): Promise<void> {
    const reason = await failureOf(probe);
    if (!this.#probes.has(name)) return;
    if (reason === undefined) this.set(name, true);
    else this.set(name, false, reason);
  }
}

/** Why a probe failed; undefined if it did not. */
async function failureOf(probe: Probe): Promise<string | undefined> {
  const over = new AbortController();
  const late = Promise.withResolvers<string>();
  let steps = 0;
  const timer = setInterval(() => {
    steps += 1;
    if (steps < PROBE_STEPS) return;
    over.abort();
    late.resolve(`no answer within ${PROBE_TIMEOUT_MS} ms`);
  }, PROBE_TIMEOUT_MS / PROBE_STEPS);
  const looked = probe(over.signal).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return await Promise.race([looked, late.promise]).finally(() => clearInterval(timer));
}
