import { deadLetterMessage } from "@antiphon/host";
import type { Owned } from "@antiphon/log";
import { type DecidedFact, LineLimit } from "@antiphon/processor";
import { formatJson, type InstanceEvent } from "@antiphon/protocol";
import { Outbox } from "../perform/outbox.ts";
import type { PerformPorts } from "../perform/perform-action.ts";
import { sinkEventsOf } from "../relay/messages.ts";
import { postEvent } from "./post-event.ts";
import type { Undelivered } from "./undelivered.ts";

/** How many events of a partition may wait for their sinks, and how many bytes they may have together, before it reads no further. */
export const UNDELIVERED_MAX = 2_000;
export const UNDELIVERED_BYTES_MAX = 64_000_000;
/** How often an event is sent to a sink that does not answer, or answers that it cannot take it now. */
export const ATTEMPTS_MAX = 10;
/** How long it rests after the first failure; twice as long after each further one, up to the longest. */
export const PAUSE_MS = 200;
export const PAUSE_MS_MAX = 60_000;
/** How long events under way are waited for when the partition is given up, in milliseconds. */
const DRAIN_MS = 5_000;

/** What sinks are sent to with. */
export type SinkPorts = Pick<PerformPorts, "agent" | "turns" | "timeoutMs" | "clock" | "logger" | "metrics"> & {
  readonly log: ConstructorParameters<typeof Outbox>[0]["log"];
  /** The deployment's sink; undefined: there is none. */
  readonly sink?: string | undefined;
};

/**
 * Posts the events that come of one partition to their sinks: at least once, those of one instance (or, where there is
 * none, of one source) one after the other in their order, each host at its own pace. What a sink refuses, or does not take for too long, becomes a dead letter.
 */
export class Sinks {
  readonly #ports: SinkPorts;
  readonly #from: Pick<Owned, "topic" | "partition">;
  readonly #changed: () => void;
  /** In the order of the partition. */
  readonly #waiting = new Set<Undelivered>();
  /** The last one of each instance, or source. */
  readonly #turns = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #abort = new AbortController();
  readonly #outbox: Outbox;
  #bytes = 0;
  #room = Promise.withResolvers<void>();

  readonly #lines: LineLimit;

  /** `changed` is called when the oldest undelivered event may be another one. */
  constructor(ports: SinkPorts, from: Pick<Owned, "topic" | "partition">, changed: () => void) {
    this.#ports = ports;
    this.#lines = new LineLimit(() => ports.clock.steady());
    this.#from = from;
    this.#changed = changed;
    this.#outbox = new Outbox(ports, this.#abort.signal);
  }

  /** The offset of the oldest event that has not been delivered; undefined: there is none. */
  get oldest(): number | undefined {
    const [first] = this.#waiting;
    return first?.offset;
  }

  /** Takes in facts, in their order, and begins to send what they have for sinks. */
  take(facts: readonly DecidedFact<InstanceEvent>[]): void {
    for (const fact of facts) {
      for (const found of sinkEventsOf(fact, this.#ports.sink)) {
        const { key, offset, decision } = fact;
        this.send({ ...found, instance: key ?? "", offset, atMs: decision.atMs });
      }
    }
  }

  /** Sends an event when those of its instance, or source, that came before are done. */
  send(event: Omit<Undelivered, "bytes">): void {
    const whose = event.instance ?? event.produced.event.source;
    const undelivered = { ...event, bytes: Buffer.byteLength(formatJson(event.produced.event)) };
    this.#waiting.add(undelivered);
    this.#bytes += undelivered.bytes;
    const before = this.#turns.get(whose) ?? Promise.resolve();
    const turn = before
      .then(() => this.#deliver(undelivered))
      .then((isDone) => {
        if (isDone) this.#done(undelivered);
        if (this.#turns.get(whose) === turn) this.#turns.delete(whose);
      });
    this.#turns.set(whose, turn);
  }

  /** Resolves when there is room for more events, or when this stops. */
  async room(): Promise<void> {
    while (!this.#stopping.signal.aborted && this.#isFull()) await this.#room.promise;
  }

  /** Begins nothing more. Resolves when nothing is under way; what takes longer than `DRAIN_MS` is broken off. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#makeRoom();
    const drained = new AbortController();
    void this.#ports.clock.sleep(DRAIN_MS, drained.signal).then(() => this.#abort.abort());
    await Promise.all(this.#turns.values());
    drained.abort();
  }

  #done(undelivered: Undelivered): void {
    this.#waiting.delete(undelivered);
    this.#bytes -= undelivered.bytes;
    this.#makeRoom();
    this.#changed();
  }

  /** False: it was broken off, and the partition's next owner sends it. */
  async #deliver(undelivered: Undelivered): Promise<boolean> {
    const { clock, logger, metrics } = this.#ports;
    const { instance, produced } = undelivered;
    const { signal: stopping } = this.#stopping;
    let reason = "";
    for (let attempt = 1; attempt <= ATTEMPTS_MAX && !stopping.aborted; attempt++) {
      const posted = await this.#attempt(undelivered);
      if (posted === undefined) return false;
      if (posted.kind === "delivered") {
        metrics.sinkEvents.inc({ outcome: "delivered" });
        return true;
      }
      ({ reason } = posted);
      const leftOut = this.#lines.take(undelivered.url);
      const about = { instance, event: produced.event.id, attempt, reason, ...(leftOut && { leftOut }) };
      if (leftOut !== undefined) logger.warn(about, "a sink did not take an event");
      if (posted.kind === "refused") return this.#giveUp(undelivered, reason);
      if (attempt < ATTEMPTS_MAX) await clock.sleep(pauseMs(attempt), stopping);
    }
    if (stopping.aborted) return false;
    return this.#giveUp(undelivered, `the sink did not take it in ${ATTEMPTS_MAX} attempts; the last one: ${reason}`);
  }

  async #attempt({ url, produced }: Undelivered) {
    const { turns } = this.#ports;
    using turn = await turns.take(URL.parse(url)?.origin ?? url, this.#stopping.signal);
    if (turn === undefined) return undefined;
    const { event, mode = "binary" } = produced;
    return await postEvent(this.#ports, { url, event, mode }, this.#abort.signal);
  }

  /** Resolves to whether the dead letter is in the log. */
  #giveUp({ instance, produced, url, offset, index, atMs }: Undelivered, reason: string): Promise<boolean> {
    const { topic, partition } = this.#from;
    const from = { topic, partition, offset, index };
    const { event, mode } = produced;
    const to = { url, ...(mode && { mode }) };
    const message = deadLetterMessage({
      atMs,
      disposition: "rejected",
      reason,
      direction: "out",
      ...(instance !== undefined && { instance }),
      event,
      to,
      from,
    });
    const { logger, metrics } = this.#ports;
    const leftOut = this.#lines.take(`${url} given up`);
    const { source, id, type } = event;
    const about = { instance, event: { source, id, type }, reason, ...(leftOut && { leftOut }) };
    if (leftOut !== undefined) logger.warn(about, "an event is a dead letter: its sink does not take it");
    metrics.sinkEvents.inc({ outcome: "dead-letter" });
    return this.#outbox.send(message);
  }

  #isFull(): boolean {
    return this.#waiting.size > UNDELIVERED_MAX || this.#bytes > UNDELIVERED_BYTES_MAX;
  }

  #makeRoom(): void {
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}

function pauseMs(attempt: number): number {
  return Math.min(PAUSE_MS * 2 ** (attempt - 1), PAUSE_MS_MAX);
}
