import { type Subscriptions, subscribe } from "@antiphon/correlation";
import { type Definitions, makeEventTopics } from "@antiphon/host/definitions";
import type { Log, Membership } from "@antiphon/log";
import type { Ports } from "@antiphon/processor";
import { takeEvents } from "./ingress.ts";

/** How long it takes until topics are looked for again that could not be made, asked for, or joined. */
export const TOPICS_RETRY_MS = 10_000;

export interface FollowTopicsPorts extends Pick<Ports, "log" | "clock" | "logger"> {
  readonly log: Log;
  readonly definitions: Definitions;
  readonly partitions: number;
}

/**
 * Takes events from the topics that the deployed definitions name, and follows when these change. A topic of which
 * it cannot is named in the log and tried again; all others go on meanwhile. Resolves when it has tried once.
 */
export async function followTopics(ports: FollowTopicsPorts): Promise<AsyncDisposable> {
  const follower = new TopicFollower(ports);
  const unfollow = ports.definitions.onChange(() => void follower.update());
  await follower.update();
  return {
    async [Symbol.asyncDispose]() {
      unfollow();
      await follower[Symbol.asyncDispose]();
    },
  };
}

class TopicFollower implements AsyncDisposable {
  readonly #ports: FollowTopicsPorts;
  readonly #over = new AbortController();
  #subscriptions: Subscriptions = subscribe([]);
  /** The topics that were wanted when it joined last, and those of them that it has not got, with the reason. */
  #wanted = "";
  #missing: ReadonlyMap<string, string> = new Map();
  #joined: readonly string[] = [];
  #membership: Membership | undefined;
  #turn = Promise.resolve();
  #retry: Promise<void> | undefined;

  constructor(ports: FollowTopicsPorts) {
    this.#ports = ports;
  }

  /** Follows what the definitions name now, one update after the other. Never rejects. */
  update(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#tryJoin());
    return this.#turn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#turn;
    await this.#retry;
    await this.#membership?.[Symbol.asyncDispose]();
  }

  async #tryJoin(): Promise<void> {
    if (this.#over.signal.aborted) return;
    try {
      await this.#join();
    } catch (error) {
      this.#wanted = "";
      const details = { err: error, topics: this.#subscriptions.topics, retryMs: TOPICS_RETRY_MS };
      this.#ports.logger.error(details, "topics cannot be joined; trying again");
      this.#retryLater();
    }
  }

  async #join(): Promise<void> {
    const { log, definitions, partitions, logger } = this.#ports;
    const deployed = definitions.all();
    this.#subscriptions = subscribe(deployed);
    const wanted = JSON.stringify(this.#subscriptions.topics);
    if (wanted === this.#wanted && this.#missing.size === 0) return;
    const failures = await makeEventTopics(
      log,
      deployed.map(({ definition }) => definition),
      partitions,
    );
    this.#tell(failures);
    if (failures.size > 0) this.#retryLater();
    const topics = this.#subscriptions.topics.filter((topic) => !failures.has(topic));
    if (topics.join() !== this.#joined.join()) {
      const before = this.#joined;
      this.#joined = [];
      await this.#change(before, topics);
      this.#joined = topics;
      logger.info({ topics }, "taking events from topics");
    }
    this.#wanted = wanted;
  }

  /** Topics that are taken from before and after go on undisturbed, where the log can do that. */
  async #change(before: readonly string[], topics: readonly string[]): Promise<void> {
    if (before.length > 0 && topics.length > 0 && this.#membership?.follow !== undefined) {
      await this.#membership.follow(topics);
      return;
    }
    await this.#membership?.[Symbol.asyncDispose]();
    this.#membership = undefined;
    if (topics.length > 0) await this.#take(topics);
  }

  async #take(topics: readonly string[]): Promise<void> {
    const { log } = this.#ports;
    const subscriptions = (): Subscriptions => this.#subscriptions;
    const membership = await log.join("antiphon.ingress", topics, (owned) =>
      takeEvents(this.#ports, owned, subscriptions),
    );
    this.#membership = membership;
    membership.stopped.catch((error: unknown) => {
      if (this.#membership !== membership) return;
      this.#joined = [];
      this.#wanted = "";
      const details = { err: error, topics, retryMs: TOPICS_RETRY_MS };
      this.#ports.logger.error(details, "taking events from topics has ended; trying again");
      this.#retryLater();
    });
  }

  /** Names each topic that is missing, once for each reason. */
  #tell(failures: ReadonlyMap<string, Error>): void {
    const before = this.#missing;
    this.#missing = new Map([...failures].map(([topic, { message }]) => [topic, message]));
    for (const [topic, error] of failures) {
      if (before.get(topic) === error.message) continue;
      const details = { err: error, topic, retryMs: TOPICS_RETRY_MS };
      this.#ports.logger.error(details, "a topic can neither be found nor made; trying again while others go on");
    }
  }

  #retryLater(): void {
    if (this.#over.signal.aborted) return;
    const { clock } = this.#ports;
    this.#retry ??= clock.sleep(TOPICS_RETRY_MS, this.#over.signal).then(() => {
      this.#retry = undefined;
      if (!this.#over.signal.aborted) void this.update();
    });
  }
}
