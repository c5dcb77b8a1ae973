/** Topics of the machine, without the deployment's prefix. Pages of the architecture say who writes what. */
export const topics = {
  commands: "antiphon.commands",
  history: "antiphon.history",
  correlation: "antiphon.correlation",
  correlations: "antiphon.correlations",
  definitions: "antiphon.definitions",
  replies: "antiphon.replies",
  deadLetters: "antiphon.dead-letters",
} as const;

/** As they end in Kafka, where each deployment has a prefix of its own; one of them the adapter has for itself. */
const OWN_NAME = new RegExp(`(?:${[...Object.values(topics), "antiphon.topology"].join("|").replaceAll(".", "\\.")})$`);

/** Whether a topic is the machine's, of this deployment or of another one on the same broker: no definition may read or write it. */
export function isMachineTopic(name: string): boolean {
  return name.startsWith("antiphon.") || OWN_NAME.test(name);
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long dead letters are kept in their topic. */
export const DEAD_LETTERS_MS = 30 * DAY_MS;

/** How a topic is created. `partitions` is the deployment's own number, the same for all that are keyed by instance or key. */
export interface TopicLayout {
  readonly name: string;
  readonly partitions: number;
  readonly retention: number | "compact" | "forever";
  readonly ephemeral?: true;
  readonly factual?: true;
}

/** Every topic of the machine. Logs are kept until their owners have copied forward what is alive. */
export function topicLayout(partitions: number): readonly TopicLayout[] {
  return [
    { name: topics.commands, partitions, retention: 7 * DAY_MS },
    { name: topics.history, partitions, retention: "forever", factual: true },
    { name: topics.correlation, partitions, retention: 7 * DAY_MS },
    { name: topics.correlations, partitions, retention: "forever", factual: true },
    { name: topics.definitions, partitions: 1, retention: "compact" },
    { name: topics.replies, partitions, retention: HOUR_MS, ephemeral: true },
    { name: topics.deadLetters, partitions, retention: DEAD_LETTERS_MS },
  ];
}
