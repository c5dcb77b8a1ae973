import { type Log, LogUnavailableError, PlaceLostError, partitionOf } from "@antiphon/log";
import type { Clock, Logger } from "@antiphon/processor";
import { parseJson, type Reply, type ReplyTo, topics } from "@antiphon/protocol";
import { unavailable } from "./http/errors.ts";

/** The most requests that wait for an answer at a time. */
export const PENDING_MAX = 10_000;

/** How long the replies are left alone after the log could not be reached, in milliseconds. */
export const REPLIES_RETRY_MS = 1_000;

/** What came of waiting: the reply, or none in time, or the gateway stops. */
export type Outcome = Reply | "late" | "stopping";

/** A request that waits. `to` goes along with what is published; `outcome` never rejects. */
export interface Expected {
  readonly to: ReplyTo;
  readonly outcome: Promise<Outcome>;
}

interface Pending {
  /** By the clock's steady time. */
  readonly deadlineMs: number;
  readonly settle: (outcome: Outcome) => void;
}

interface RequestsPorts {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly partitions: number;
}

/** The requests of one gateway that wait for an answer on `antiphon.replies`, which it follows from when it starts. */
export class Requests implements AsyncDisposable {
  readonly #ports: RequestsPorts;
  readonly #gateway: string;
  readonly #timeoutMs: number;
  /** In the order of their deadlines, as all have the same time. */
  readonly #pending = new Map<string, Pending>();
  readonly #over = new AbortController();
  #count = 0;
  /** Rejects when replies cannot be followed any more; resolves after disposal. */
  readonly stopped: Promise<unknown>;

  private constructor(ports: RequestsPorts, gateway: string, timeoutMs: number, from: number) {
    this.#ports = ports;
    this.#gateway = gateway;
    this.#timeoutMs = timeoutMs;
    this.stopped = Promise.all([this.#follow(from), this.#expire()]);
    this.stopped.catch(() => {});
  }

  /** `gateway` is an id that no other gateway ever has. */
  static async open(ports: RequestsPorts, gateway: string, timeoutMs: number): Promise<Requests> {
    const { end } = await ports.log.bounds(topics.replies, partitionOf(gateway, ports.partitions));
    return new Requests(ports, gateway, timeoutMs, end);
  }

  /** Makes the address for one reply, before anybody can send it. A 503 if too many wait already. */
  expect(): Expected {
    if (this.#over.signal.aborted) throw unavailable("the gateway is stopping");
    if (this.#pending.size >= PENDING_MAX) throw unavailable(`${PENDING_MAX} requests wait for an answer already`);
    this.#count += 1;
    const request = this.#count.toString(36);
    const { promise: outcome, resolve: settle } = Promise.withResolvers<Outcome>();
    this.#pending.set(request, { settle, deadlineMs: this.#ports.clock.steady() + this.#timeoutMs });
    return { to: { gateway: this.#gateway, request }, outcome };
  }

  /** Nothing will come: what it was for could not be published. */
  forget({ to }: Expected): void {
    this.#settle(to.request, "late");
  }

  /** Tells everybody who still waits that the gateway stops. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    for (const request of [...this.#pending.keys()]) this.#settle(request, "stopping");
    await this.stopped.catch(() => {});
  }

  async #follow(from: number): Promise<void> {
    const { log, clock, logger, partitions } = this.#ports;
    const { signal } = this.#over;
    const partition = partitionOf(this.#gateway, partitions);
    let position = from;
    while (!signal.aborted) {
      try {
        for await (const batch of log.tail(topics.replies, partition, position, { signal })) {
          for (const { key, value } of batch.records) if (key === this.#gateway && value !== null) this.#take(value);
          position = batch.next;
        }
      } catch (error) {
        if (error instanceof PlaceLostError) position = error.next;
        else if (!(error instanceof LogUnavailableError)) throw error;
        logger.warn({ err: error }, "replies cannot be followed at present");
        await clock.sleep(REPLIES_RETRY_MS, signal);
      }
    }
  }

  #take(value: string): void {
    // Written by our own processors, to this gateway alone.
    const reply = parseJson(value) as unknown as Reply;
    this.#settle(reply.request, reply);
  }

  #settle(request: string, outcome: Outcome): void {
    const pending = this.#pending.get(request);
    this.#pending.delete(request);
    pending?.settle(outcome);
  }

  async #expire(): Promise<void> {
    const { clock } = this.#ports;
    const { signal } = this.#over;
    while (!signal.aborted) {
      const nowMs = clock.steady();
      for (const [request, { deadlineMs }] of this.#pending) {
        if (deadlineMs > nowMs) break;
        this.#settle(request, "late");
      }
      const [oldest] = this.#pending.values();
      // Whatever comes while this sleeps has its deadline later than that.
      await clock.sleep(oldest === undefined ? this.#timeoutMs : oldest.deadlineMs - nowMs, signal);
    }
  }
}
