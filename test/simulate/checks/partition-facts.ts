import type { Fact } from "@antiphon/log";
import { chunkOf } from "@antiphon/log-kafka/facts";
import type { DecidedFact } from "@antiphon/processor";
import { type CorrelationEvent, type InstanceEvent, readDecision, topics } from "@antiphon/protocol";
import type { Broker } from "../broker.ts";

/** What every reader of a partition sees of it. */
export function factsIn(broker: Broker, topic: string, partition: number): readonly Fact[] {
  return chunkOf(0, broker.fetch(topic, partition, 0, Number.MAX_SAFE_INTEGER)).records;
}

/** The decisions of one partition of a log. */
export interface PartitionFacts<Event> {
  readonly partition: number;
  readonly facts: readonly DecidedFact<Event>[];
}

export interface Logs {
  readonly history: readonly PartitionFacts<InstanceEvent>[];
  readonly correlations: readonly PartitionFacts<CorrelationEvent>[];
}

/** All decisions. */
export function logsOf(broker: Broker): Logs {
  return { history: decisionsIn(broker, topics.history), correlations: decisionsIn(broker, topics.correlations) };
}

function decisionsIn<Event>(broker: Broker, topic: string): readonly PartitionFacts<Event>[] {
  return Array.from({ length: broker.partitions(topic) ?? 0 }, (_, partition) => {
    const facts = factsIn(broker, topic, partition).map(({ offset, key, value }) => {
      return { offset, key, decision: readDecision<Event>(value) };
    });
    return { partition, facts };
  });
}
