import { type Destination, lifecycleDestination, propertyOf } from "@antiphon/definition";
import type { Definitions } from "@antiphon/host/definitions";
import { type Log, LogUnavailableError, type Message, type Owned } from "@antiphon/log";
import type { Clock, DecidedFact, Logger } from "@antiphon/processor";
import { type CloudEvent, type InstanceEvent, writeEvent } from "@antiphon/protocol";
import type { Sinks } from "../sink/sinks.ts";
import { instanceEvents, isTold } from "./instance-events.ts";
import { publish } from "./publish.ts";
import { type Subject, Subjects } from "./subjects.ts";

/** What lifecycle events are made and published with. */
export interface LifecyclePorts {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Pick<Definitions, "find" | "newest">;
  /** Whether any definition asks for them. */
  readonly isLifecycleWanted: () => boolean;
}

/** How long it rests before it reads again what it could not read, in milliseconds. */
const RETRY_MS = 500;

/** Where the numbers of lifecycle events for sinks begin among what a fact sends. */
const SINK_INDEX = 1_000_000;

/** Publishes what the facts of one partition tell of their instances, for those whose definitions ask for it. */
export class Lifecycle {
  readonly #ports: LifecyclePorts;
  readonly #sinks: Pick<Sinks, "send">;
  readonly #signal: AbortSignal;
  readonly #subjects: Subjects;
  #oldest: number | undefined;

  constructor(ports: LifecyclePorts, sinks: Pick<Sinks, "send">, { topic, partition, signal }: Owned) {
    this.#ports = ports;
    this.#sinks = sinks;
    this.#signal = signal;
    this.#subjects = new Subjects(ports, { topic, partition });
  }

  /** The offset of the oldest fact of which has not been told; undefined: there is none. */
  get oldest(): number | undefined {
    return this.#oldest;
  }

  /** Tells of facts. Resolves when the topics have it, and the sinks have been given it. */
  async take(facts: readonly DecidedFact<InstanceEvent>[]): Promise<void> {
    const told = this.#ports.isLifecycleWanted() ? facts.filter(({ decision }) => decision.events.some(isTold)) : [];
    if (told.length === 0) return;
    this.#oldest = told[0]?.offset;
    const messages: Message[] = [];
    for (const fact of told) {
      const subject = await this.#subjectOf(fact);
      if (this.#signal.aborted) return;
      if (subject !== undefined) messages.push(...this.#messagesOf(fact, subject));
    }
    if (await publish(this.#ports, messages, this.#signal)) this.#oldest = undefined;
  }

  /** Who a fact is about; undefined: that is not to be found, or the partition was taken away meanwhile. */
  async #subjectOf(fact: DecidedFact<InstanceEvent>): Promise<Subject | undefined> {
    const { clock, logger } = this.#ports;
    const details = { instance: fact.key, offset: fact.offset };
    while (!this.#signal.aborted) {
      try {
        const subject = await this.#subjects.of(fact);
        if (subject === undefined)
          logger.warn(details, "an instance's start is not to be found: nothing is told of it");
        return subject;
      } catch (error) {
        logger.warn({ err: error, ...details }, "an instance's start could not be read");
        if (!(error instanceof LogUnavailableError)) return undefined;
        await clock.sleep(RETRY_MS, this.#signal);
      }
    }
    return undefined;
  }

  #messagesOf(fact: DecidedFact<InstanceEvent>, subject: Subject): readonly Message[] {
    const { properties } = subject.definition;
    const destination = lifecycleDestination(subject.definition, "processinstances");
    if (destination === undefined) return [];
    const events = instanceEvents(fact, subject, propertyOf(properties, "kogito.service.url") ?? "");
    const { sink } = destination;
    if (sink === undefined) return events.map((event) => messageFor(destination, fact.key, event));
    events.forEach((event, i) => {
      const produced = { type: "EventProduced", ...destination, event } as const;
      const { offset, decision } = fact;
      this.#sinks.send({
        instance: fact.key ?? "",
        produced,
        url: sink,
        offset,
        index: SINK_INDEX + i,
        atMs: decision.atMs,
      });
    });
    return [];
  }
}

/** A lifecycle event as its topic takes it. */
export function messageFor(
  { topic, mode = "structured" }: Destination,
  key: string | null,
  event: CloudEvent,
): Message {
  const { headers, body: value } = writeEvent(event, mode, "ce_");
  return { topic, key, value, headers };
}
