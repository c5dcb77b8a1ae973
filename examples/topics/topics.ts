/** A CloudEvent 1.0 in its JSON format: attributes and extensions beside `data`. */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data?: unknown;
  readonly [extension: string]: unknown;
}

/** Where a service finds the topics. */
export interface TopicSettings {
  /** The service's name: it shares the events of a topic with others of the same name. */
  readonly name: string;
  readonly antiphonUrl: string;
  /** `host:port`, several with commas between; without it Antiphon itself hands events out, and takes them in. */
  readonly kafkaBrokers?: string | undefined;
}

/** Topics with CloudEvents on them, as a service reads and writes them. Disposal ends the reading. */
export interface Topics extends AsyncDisposable {
  /** Takes one event after the other from now on, each at least once. Resolves once it listens. */
  follow(topic: string, take: (event: CloudEvent) => Promise<void>): Promise<void>;
  /** Resolves once the event is durable. The same event may be published again: its id tells. */
  publish(topic: string, event: CloudEvent): Promise<void>;
}

/** Opens topics on Kafka, or by HTTP where there is no broker. */
export async function openTopics(settings: TopicSettings): Promise<Topics> {
  const { name, antiphonUrl, kafkaBrokers } = settings;
  if (kafkaBrokers === undefined) return (await import("./http-topics.ts")).httpTopics(antiphonUrl);
  return (await import("./kafka-topics.ts")).kafkaTopics(name, kafkaBrokers.split(","));
}
