import { assertPartitions, assertSpec, type TopicSpec } from "@antiphon/log";
import kafkajs, { type Admin, type ITopicConfig, type Kafka } from "kafkajs";
import type { Directory } from "./directory.ts";
import { KafkaJSAggregateError, refusalOf } from "./failures.ts";
import type { Fetcher } from "./fetcher.ts";
import type { Retrying } from "./retrying.ts";
import { withRight } from "./rights.ts";
import { assertSettings, type Durability, SETTINGS_CHECKED, settingProblems, settingsOf } from "./topic-settings.ts";
import type { Topology } from "./topology.ts";

const CREATE_MS_MAX = 15_000;
/** How many copies there are where there are brokers enough. */
const REPLICATION = 3;

/** What `ensureTopics` works with. */
export interface TopicTools {
  readonly kafka: Kafka;
  readonly directory: Directory;
  readonly fetcher: Fetcher;
  readonly retrying: Retrying;
  readonly topology: Topology;
  /** How many copies of a topic are made; undefined: as many as the brokers allow, up to three. */
  readonly replication: number | undefined;
  readonly minInSyncReplicas: number | undefined;
  /** Whether a topic, by its name in Kafka, is the machine's own: its settings are then its own as well. */
  readonly isOwn: (kafkaTopic: string) => boolean;
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
  const { kafka, directory } = tools;
  const counts = await Promise.all(specs.map(({ name }) => directory.partitions(name)));
  const missing = specs.filter((_, i) => counts[i] === undefined);
  const found = specs.filter((spec) => tools.isOwn(spec.name) && !missing.includes(spec));
  if (missing.length + found.length > 0) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const durability = await durabilityOn(admin, tools);
      await checkSettings(found, admin, durability);
      if (missing.length > 0) await make(missing, admin, durability);
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

async function make(missing: readonly TopicSpec[], admin: Admin, durability: Durability): Promise<void> {
  const topics = missing.map((spec) => configOf(spec, durability));
  const names = missing.map(({ name }) => name);
  const made = admin.createTopics({ topics, timeout: CREATE_MS_MAX, waitForLeaders: false });
  await withRight("Create (and DescribeConfigs)", names, made.catch(ignoreExisting));
}

/** As the settings say; else three copies, or as many as there are brokers, of which two must have a record, or the only one. */
async function durabilityOn(admin: Admin, { replication, minInSyncReplicas }: TopicTools): Promise<Durability> {
  const copies = replication ?? Math.min(REPLICATION, (await admin.describeCluster()).brokers.length);
  return { replication: copies, minInSyncReplicas: minInSyncReplicas ?? Math.min(2, copies) };
}

/** Waits for what was just made: a leader may be named before it is ready, which is an error that passes. */
function ready({ name, partitions }: TopicSpec, { fetcher, retrying }: TopicTools): Promise<unknown>[] {
  return Array.from({ length: partitions }, (_, partition) =>
    retrying.run(`making topic "${name}"`, () => fetcher.bounds(name, partition)),
  );
}

function configOf(spec: TopicSpec, durability: Durability): ITopicConfig {
  const settings = Object.entries(settingsOf(spec, durability));
  return {
    topic: spec.name,
    numPartitions: spec.partitions,
    replicationFactor: durability.replication,
    configEntries: settings.map(([name, value]) => ({ name, value })),
  };
}

/** Asks how the topics that were there before are set up. */
async function checkSettings(specs: readonly TopicSpec[], admin: Admin, durability: Durability): Promise<void> {
  if (specs.length === 0) return;
  const resources = specs.map(({ name }) => ({
    type: kafkajs.ConfigResourceTypes.TOPIC,
    name,
    configNames: [...SETTINGS_CHECKED],
  }));
  const names = specs.map(({ name }) => name);
  const answer = await withRight(
    "DescribeConfigs",
    names,
    admin.describeConfigs({ resources, includeSynonyms: false }),
  );
  const problems = new Map<string, readonly string[]>();
  for (const { resourceName, configEntries } of answer.resources) {
    const spec = specs.find(({ name }) => name === resourceName);
    const found = Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue]));
    if (spec !== undefined) problems.set(resourceName, settingProblems(spec, durability, found));
  }
  assertSettings(problems);
}

/** Another process may be making the same topics. */
function ignoreExisting(error: unknown): void {
  const errors = error instanceof KafkaJSAggregateError ? error.errors : [error];
  const other = errors.find((problem) => refusalOf(problem) !== "TOPIC_ALREADY_EXISTS");
  if (other !== undefined) throw other;
}
