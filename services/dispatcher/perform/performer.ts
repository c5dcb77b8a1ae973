import type { Batch, Log } from "@antiphon/log";
import type { DecidedFact } from "@antiphon/processor";
import type { InstanceEvent } from "@antiphon/protocol";
import { completeAction } from "./complete-action.ts";
import { type OpenRequest, OpenRequests } from "./open-requests.ts";
import { Outbox } from "./outbox.ts";
import { type PerformPorts, performAction } from "./perform-action.ts";

/** How many requests of a partition may be open, and how many bytes their arguments have together, before it reads no further. */
export const OPEN_REQUESTS_MAX = 2_000;
export const OPEN_BYTES_MAX = 64_000_000;
/**
 * The same, while results may still be read that a former owner has left. What is over that is performed although it may
 * have been performed before: again, with the same idempotency key.
 */
export const COLLECTED_REQUESTS_MAX = 50_000;
/** How long requests under way are waited for when the partition is given up, in milliseconds. */
export const DRAIN_MS = 5_000;

/**
 * Performs the action requests of one partition. It has three modes: it *collects* until it has read what was there when
 * it came, because a former owner may have left results there; then it *performs* what is open and what comes, as fast
 * as each host takes it; told to *stop*, it begins nothing more and waits for what is under way, for a while.
 */
export class Performer {
  readonly #ports: PerformPorts & { readonly log: Log };
  readonly #changed: () => void;
  readonly #open = new OpenRequests();
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #abort = new AbortController();
  readonly #outbox: Outbox;
  #mode: "collecting" | "performing" | "stopping" = "collecting";
  /** Where the history ended when it was first read. */
  #collectTo: number | undefined;
  #room = Promise.withResolvers<void>();

  /** `changed` is called when the oldest open request may be another one. */
  constructor(ports: PerformPorts & { readonly log: Log }, changed: () => void) {
    this.#ports = ports;
    this.#changed = changed;
    this.#outbox = new Outbox(ports, this.#abort.signal);
  }

  /** The offset of the oldest request that has no durable result; undefined: there is none. */
  get oldest(): number | undefined {
    return this.#open.oldest;
  }

  /** Takes in facts, in their order. What it asks for has begun when this returns, unless results may still follow. */
  take(facts: readonly DecidedFact<InstanceEvent>[], { next, end }: Pick<Batch, "next" | "end">): void {
    this.#collectTo ??= end;
    const opened = facts.flatMap((fact) => this.#open.take(fact));
    this.#makeRoom();
    if (this.#mode === "performing") this.#begin(opened);
    if (this.#mode !== "collecting") return;
    if (next < this.#collectTo && !this.#isOver(COLLECTED_REQUESTS_MAX)) return;
    this.#mode = "performing";
    this.#begin([...this.#open]);
  }

  /** Resolves when there is room for more requests, or when this stops. */
  async room(): Promise<void> {
    while (this.#mode === "performing" && this.#isOver(OPEN_REQUESTS_MAX)) await this.#room.promise;
  }

  /** Begins nothing more. Resolves when nothing is under way; what takes longer than `DRAIN_MS` is broken off. */
  async stop(): Promise<void> {
    this.#mode = "stopping";
    this.#stopping.abort();
    this.#makeRoom();
    const drained = new AbortController();
    void this.#ports.clock.sleep(DRAIN_MS, drained.signal).then(() => this.#abort.abort());
    await Promise.all(this.#underWay);
    drained.abort();
  }

  #begin(requests: readonly OpenRequest[]): void {
    for (const request of requests) {
      const run = this.#run(request).finally(() => this.#underWay.delete(run));
      this.#underWay.add(run);
    }
  }

  async #run(request: OpenRequest): Promise<void> {
    const interruption = { stopping: this.#stopping.signal, abort: this.#abort.signal };
    const outcome = await performAction(this.#ports, request, interruption);
    if (outcome === undefined || request.closed.aborted) return;
    if (!(await this.#outbox.send(completeAction(request, outcome)))) return;
    this.#open.close(request);
    this.#makeRoom();
    this.#changed();
  }

  #isOver(requestsMax: number): boolean {
    return this.#open.size > requestsMax || this.#open.bytes > OPEN_BYTES_MAX;
  }

  #makeRoom(): void {
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}
