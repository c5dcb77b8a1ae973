const OURS = "antiphon.";

/** The most characters of a topic's name in Kafka. */
export const TOPIC_NAME_MAX = 249;

/** Topics that brokers keep their own books in. */
const OF_BROKERS = new Set([
  "__consumer_offsets",
  "__transaction_state",
  "__share_group_state",
  "__cluster_metadata",
  "__remote_log_metadata",
]);

/** What Kafka wants a topic to be called that has this name, in words of an error; undefined: it may have it. */
export function topicNameProblem(name: string): string | undefined {
  if (OF_BROKERS.has(name)) return "a topic that is not one of the brokers' own";
  if (/^[\w.-]+$/.test(name) && name.length <= TOPIC_NAME_MAX && name !== "." && name !== "..") return undefined;
  return `a topic's name as Kafka has them: letters, digits, ".", "_" and "-", at most ${TOPIC_NAME_MAX}`;
}

/** Whether a topic or group is this deployment's own, by its name without the prefix. */
export function isOwn(name: string): boolean {
  return name.startsWith(OURS);
}

/** The name without the prefix of a topic or group in Kafka; undefined: it is not this deployment's own. */
export function ownName(kafkaName: string, prefix: string): string | undefined {
  const name = kafkaName.slice(prefix.length);
  return kafkaName.startsWith(prefix) && isOwn(name) ? name : undefined;
}

/** The name in Kafka of a topic or group: this deployment's own stand under its prefix, those of others are as they are. */
export function kafkaName(name: string, prefix: string): string {
  return isOwn(name) ? prefix + name : name;
}
