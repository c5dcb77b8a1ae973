const OURS = "antiphon.";

/** The name in Kafka of a topic or group: this deployment's own stand under its prefix, those of others are as they are. */
export function kafkaName(name: string, prefix: string): string {
  return name.startsWith(OURS) ? prefix + name : name;
}
