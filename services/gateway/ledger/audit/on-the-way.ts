import { partitionOf } from "@antiphon/log";
import { type DecidedFact, Sources } from "@antiphon/processor";
import { type CorrelationEvent, type InstanceEvent, type Stamp, topics } from "@antiphon/protocol";

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
  readonly #atKeys: readonly Sources[];
  readonly #atInstances: readonly Sources[];
  /** By wait: the newest fact of its instance that tells its keys something. */
  readonly #told = new Map<string, number>();
  /** By wait and key: the newest fact of the key that tells the instance something. */
  readonly #answered = new Map<string, number>();

  constructor(partitions: number) {
    this.#partitions = partitions;
    this.#atKeys = Array.from({ length: partitions }, () => new Sources());
    this.#atInstances = Array.from({ length: partitions }, () => new Sources());
  }

  takeHistory(partition: number, { offset, key, decision }: DecidedFact<InstanceEvent>): void {
    if (decision.from !== undefined) this.#atInstances[partition]?.add(decision.from);
    for (const event of decision.events) {
      switch (event.type) {
        case "EventAwaited":
        case "EventReceived":
        case "WaitClosed":
          this.#told.set(`${key}/${event.wait}`, offset);
          break;
        case "EventIgnored":
          if (event.found.by === "key") this.#told.set(`${key}/${event.found.wait}`, offset);
          break;
        default:
      }
    }
  }

  takeCorrelations(partition: number, { offset, key, decision }: DecidedFact<CorrelationEvent>): void {
    if (decision.from !== undefined) this.#atKeys[partition]?.add(decision.from);
    for (const event of decision.events) {
      if (event.type !== "EventMatched" && event.type !== "WaitRefused") continue;
      this.#answered.set(pairId({ key: key ?? "", ...event.wait }), offset);
    }
  }

  /** Whether one side has yet to hear of what the other side did last about a wait. */
  isBetween(pair: KeyedPair): boolean {
    const told = this.#told.get(`${pair.instance}/${pair.wait}`);
    const [history, correlations] = [partitionOf(pair.instance, this.#partitions), partitionOf(pair.key, this.#partitions)];
    const isTold = told === undefined || hasTaken(this.#atKeys[correlations], topics.history, history, told);
    return !isTold || this.isMatchBetween(pair);
  }

  /** Whether a match, or a refusal, has yet to reach the wait's instance. */
  isMatchBetween(pair: KeyedPair): boolean {
    const answered = this.#answered.get(pairId(pair));
    if (answered === undefined) return false;
    const [history, correlations] = [partitionOf(pair.instance, this.#partitions), partitionOf(pair.key, this.#partitions)];
    return !hasTaken(this.#atInstances[history], topics.correlations, correlations, answered);
  }

  /** Forgets what has arrived: `keysOf` says which keys an open or registered wait has, none if there is no such wait. */
  settle(): void {
    for (const [wait, offset] of this.#told) {
      const instance = wait.slice(0, wait.indexOf("/"));
      const from = partitionOf(instance, this.#partitions);
      if (this.#atKeys.every((taken) => hasTaken(taken, topics.history, from, offset))) this.#told.delete(wait);
    }
    for (const [pair, offset] of this.#answered) {
      const { key, instance } = JSON.parse(pair) as KeyedPair;
      const [at, from] = [partitionOf(instance, this.#partitions), partitionOf(key, this.#partitions)];
      if (hasTaken(this.#atInstances[at], topics.correlations, from, offset)) this.#answered.delete(pair);
    }
  }
}

function pairId({ key, instance, wait }: KeyedPair): string {
  return JSON.stringify({ key, instance, wait });
}

function hasTaken(sources: Sources | undefined, topic: string, partition: number, offset: number): boolean {
  const place: Stamp = { topic, partition, offset, index: 0 };
  return sources?.hasSeen(place) ?? false;
}
