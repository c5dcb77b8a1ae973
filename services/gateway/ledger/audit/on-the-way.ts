import { partitionOf } from "@antiphon/log";
import type { DecidedFact } from "@antiphon/processor";
import { type CorrelationEvent, type InstanceEvent, topics } from "@antiphon/protocol";
import { Intake } from "./intake.ts";

/** A wait under one of its keys. */
export interface KeyedPair {
  readonly key: string;
  readonly instance: string;
  readonly wait: string;
}

/**
 * What is on its way between history and correlations, by the machine's own reckoning: a message that follows from a
 * fact has arrived when its receiver has recorded that it took in something as new from there.
 */
export class OnTheWay {
  readonly #partitions: number;
  /** By the partition that received: what it took in from relays. */
  readonly #atKeys: readonly Intake[];
  readonly #atInstances: readonly Intake[];
  /** By wait and key: the newest fact of the instance that tells the key something. */
  readonly #told = new Map<string, number>();
  /** By wait and key: the newest fact of the key that tells the instance something. */
  readonly #answered = new Map<string, number>();
  /** By wait and key: what the key told last has reached an instance whose decision on it was deleted. */
  readonly #past = new Set<string>();

  constructor(partitions: number) {
    this.#partitions = partitions;
    this.#atKeys = Array.from({ length: partitions }, () => new Intake());
    this.#atInstances = Array.from({ length: partitions }, () => new Intake());
  }

  takeHistory(partition: number, { offset, key, decision }: DecidedFact<InstanceEvent>): void {
    this.#atInstances[partition]?.take(decision);
    for (const event of decision.events) {
      for (const told of toldBy(event)) this.#told.set(pairId({ ...told, instance: key ?? "" }), offset);
    }
  }

  takeCorrelations(partition: number, { offset, key, decision }: DecidedFact<CorrelationEvent>): void {
    this.#atKeys[partition]?.take(decision);
    for (const event of decision.events) {
      if (event.type !== "EventMatched" && event.type !== "WaitRefused") continue;
      const id = pairId({ key: key ?? "", ...event.wait });
      this.#answered.set(id, offset);
      this.#past.delete(id);
    }
  }

  /** Whether one side has yet to hear of what the other side did last about a wait. */
  isBetween(pair: KeyedPair): boolean {
    const told = this.#told.get(pairId(pair));
    const { history, correlations } = this.#partitionsOf(pair);
    const isTold = told === undefined || hasTaken(this.#atKeys[correlations], topics.history, history, told);
    const answered = this.#answered.get(pairId(pair));
    const isAnswered =
      answered === undefined || hasTaken(this.#atInstances[history], topics.correlations, correlations, answered);
    return !isTold || !isAnswered;
  }

  /** Whether the log does not have any more what an instance decided on what its key told last about a wait. */
  isPast(pair: KeyedPair): boolean {
    return this.#past.has(pairId(pair));
  }

  /** Forgets what has arrived; `isCutOff` says of a partition of history whether it had decisions that were deleted. */
  settle(isCutOff: (partition: number) => boolean = () => false): void {
    for (const [id, offset] of this.#told) {
      const { history, correlations } = this.#partitionsOf(JSON.parse(id) as KeyedPair);
      if (hasTaken(this.#atKeys[correlations], topics.history, history, offset)) this.#told.delete(id);
    }
    for (const [id, offset] of this.#answered) {
      const { history, correlations } = this.#partitionsOf(JSON.parse(id) as KeyedPair);
      if (!hasTaken(this.#atInstances[history], topics.correlations, correlations, offset)) continue;
      this.#answered.delete(id);
      const place = { topic: topics.correlations, partition: correlations, offset };
      if (isCutOff(history) && this.#atInstances[history]?.tookBefore(place)) this.#past.add(id);
    }
  }

  #partitionsOf({ key, instance }: KeyedPair): { readonly history: number; readonly correlations: number } {
    return {
      history: partitionOf(instance, this.#partitions),
      correlations: partitionOf(key, this.#partitions),
    };
  }
}

/** What a fact of an instance sends to the keys of its waits, as a dispatcher relays it. */
function toldBy(event: InstanceEvent): readonly Omit<KeyedPair, "instance">[] {
  switch (event.type) {
    case "EventAwaited":
      return event.events.flatMap(({ key }) => (key === undefined ? [] : [{ key, wait: event.wait }]));
    case "EventReceived": {
      const matched = event.found.by === "key" ? event.found.key : undefined;
      return (event.keys ?? []).filter((key) => key !== matched).map((key) => ({ key, wait: event.wait }));
    }
    case "WaitClosed":
      return (event.keys ?? []).map((key) => ({ key, wait: event.wait }));
    case "EventIgnored": {
      if (event.found.by !== "key") return [];
      const isSilent = event.disposition === "duplicate" && event.isWaiting === undefined;
      return isSilent ? [] : [{ key: event.found.key, wait: event.found.wait }];
    }
    default:
      return [];
  }
}

function pairId({ key, instance, wait }: KeyedPair): string {
  return JSON.stringify({ key, instance, wait });
}

function hasTaken(intake: Intake | undefined, topic: string, partition: number, offset: number): boolean {
  return intake?.hasTaken({ topic, partition, offset }) ?? false;
}
