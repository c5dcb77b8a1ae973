import { assertPartitions, assertSpec, BATCH_BYTES_MAX, BATCH_RECORDS_MAX, type TopicSpec } from "@antiphon/log";
import type { ITopicConfig, Kafka } from "kafkajs";
import type { Directory } from "./directory.ts";
import { KafkaJSAggregateError, refusalOf } from "./failures.ts";
import type { Fetcher } from "./fetcher.ts";
import type { Retrying } from "./retrying.ts";
import type { Topology } from "./topology.ts";

/** What Kafka and the stamp add to each record, at most. */
const OVERHEAD_BYTES = 100;
const MESSAGE_BYTES_MAX = BATCH_BYTES_MAX + BATCH_RECORDS_MAX * OVERHEAD_BYTES;
const CREATE_MS_MAX = 15_000;

export interface Durability {
  readonly replication: number;
  readonly minInSyncReplicas: number;
}

/** What `ensureTopics` works with. */
export interface TopicTools {
  readonly kafka: Kafka;
  readonly directory: Directory;
  readonly fetcher: Fetcher;
  readonly retrying: Retrying;
  readonly topology: Topology;
  readonly durability: Durability;
}

/**
 * Makes the topics that are missing. Their number of partitions is recorded, and both the record and Kafka must agree with
 * what is expected: partitions that somebody added would send keys elsewhere than before.
 */
export async function ensureTopics(specs: readonly TopicSpec[], tools: TopicTools): Promise<void> {
  for (const spec of specs) assertSpec(spec);
  await create([tools.topology.spec], tools);
  const recorded = await tools.topology.read();
  for (const { name, partitions } of specs) {
    const count = recorded.get(name);
    if (count !== undefined) assertPartitions(name, partitions, count);
  }
  await create(specs, tools);
  await tools.topology.record(specs.filter(({ name }) => !recorded.has(name)));
}

/** Makes what is missing and checks what is there. */
async function create(specs: readonly TopicSpec[], tools: TopicTools): Promise<void> {
  const { kafka, directory, durability } = tools;
  const counts = await Promise.all(specs.map(({ name }) => directory.partitions(name)));
  const missing = specs.filter((_, i) => counts[i] === undefined);
  if (missing.length > 0) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const topics = missing.map((spec) => configOf(spec, durability));
      await admin.createTopics({ topics, timeout: CREATE_MS_MAX, waitForLeaders: false }).catch(ignoreExisting);
    } finally {
      await admin.disconnect();
    }
  }
  for (const { name, partitions } of specs) {
    const count = await directory.partitions(name);
    if (count === undefined) throw directory.notYet(name);
    assertPartitions(name, partitions, count);
  }
  await Promise.all(missing.flatMap((spec) => ready(spec, tools)));
}

/** Waits for what was just made: a leader may be named before it is ready, which is an error that passes. */
function ready({ name, partitions }: TopicSpec, { fetcher, retrying }: TopicTools): Promise<unknown>[] {
  return Array.from({ length: partitions }, (_, partition) =>
    retrying.run(`making topic "${name}"`, () => fetcher.bounds(name, partition)),
  );
}

function configOf({ name, partitions, retention }: TopicSpec, durability: Durability): ITopicConfig {
  const entries = {
    "cleanup.policy": retention === "compact" ? "compact" : "delete",
    "min.insync.replicas": durability.minInSyncReplicas,
    "max.message.bytes": MESSAGE_BYTES_MAX,
    ...(retention === "compact" ? {} : { "retention.ms": retention === "forever" ? -1 : retention }),
  };
  return {
    topic: name,
    numPartitions: partitions,
    replicationFactor: durability.replication,
    configEntries: Object.entries(entries).map(([name, value]) => ({ name, value: String(value) })),
  };
}

/** Another process may be making the same topics. */
function ignoreExisting(error: unknown): void {
  const errors = error instanceof KafkaJSAggregateError ? error.errors : [error];
  const other = errors.find((problem) => refusalOf(problem) !== "TOPIC_ALREADY_EXISTS");
  if (other !== undefined) throw other;
}
