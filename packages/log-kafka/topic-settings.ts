import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, TopicMismatchError, type TopicSpec } from "@antiphon/log";

/** What Kafka and the stamp add to each record, at most. */
const OVERHEAD_BYTES = 100;
const MESSAGE_BYTES_MAX = BATCH_BYTES_MAX + BATCH_RECORDS_MAX * OVERHEAD_BYTES;
/** Kafka's way to say: without a limit. */
const UNLIMITED = -1;

/** How many brokers keep each partition, and how many of these must have a record before it counts as appended. */
export interface Durability {
  readonly replication: number;
  readonly minInSyncReplicas: number;
}

/** A topic's settings by their names in Kafka. */
export type TopicSettings = Readonly<Record<string, string>>;

interface Rule {
  readonly setting: string;
  /** What a topic is made with. */
  readonly value: string;
  /** Of what somebody else has set: whether nothing is lost by it. */
  readonly isSafe: (found: string) => boolean;
  /** What is expected, in words of an error. */
  readonly expected: string;
}

/** The settings that a topic is made with. */
export function settingsOf(spec: TopicSpec, durability: Durability): TopicSettings {
  return Object.fromEntries(rulesOf(spec, durability).map(({ setting, value }) => [setting, value]));
}

/** The names of all settings that are looked at. */
export const SETTINGS_CHECKED: readonly string[] = [
  "cleanup.policy",
  "max.message.bytes",
  "min.insync.replicas",
  "retention.bytes",
  "retention.ms",
  "unclean.leader.election.enable",
];

/** What is wrong with a topic's settings, each as expected and found; none, if nothing can be lost by them. */
export function settingProblems(spec: TopicSpec, durability: Durability, found: TopicSettings): readonly string[] {
  return rulesOf(spec, durability).flatMap(({ setting, isSafe, expected }) => {
    const value = found[setting];
    if (value !== undefined && isSafe(value)) return [];
    return [`${setting}: expected ${expected}, found ${value ?? "none"}`];
  });
}

/** Throws `TopicMismatchError` with all that is wrong, topic by topic. */
export function assertSettings(problems: ReadonlyMap<string, readonly string[]>): void {
  const told = [...problems].filter(([, { length }]) => length > 0);
  if (told.length === 0) return;
  const all = told.map(([topic, wrong]) => `topic "${topic}": ${wrong.join("; ")}`).join(". ");
  throw new TopicMismatchError(`topics have settings by which data could be lost. ${all}. See docs/operations.md`);
}

function rulesOf({ retention }: TopicSpec, { minInSyncReplicas }: Durability): readonly Rule[] {
  const policy = retention === "compact" ? "compact" : "delete";
  const kept: Rule[] =
    retention === "compact"
      ? []
      : [
          atLeast("retention.ms", retention === "forever" ? UNLIMITED : retention),
          atLeast("retention.bytes", UNLIMITED),
        ];
  return [
    exactly("cleanup.policy", policy),
    ...kept,
    exactly("unclean.leader.election.enable", "false"),
    atLeast("min.insync.replicas", minInSyncReplicas),
    atLeast("max.message.bytes", MESSAGE_BYTES_MAX),
  ];
}

function exactly(setting: string, value: string): Rule {
  return { setting, value, isSafe: (found) => found === value, expected: value };
}

function atLeast(setting: string, least: number): Rule {
  const isSafe = (found: string) => Number(found) === UNLIMITED || (least !== UNLIMITED && Number(found) >= least);
  const expected = least === UNLIMITED ? `${UNLIMITED}, which is without a limit` : `at least ${least}`;
  return { setting, value: String(least), isSafe, expected };
}
