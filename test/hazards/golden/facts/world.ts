import { setImmediate as turn } from "node:timers/promises";
import { bucketDomain } from "@antiphon/correlator/bucket-domain";
import { messagesOf as messagesOfMatch } from "@antiphon/correlator/relay-matches";
import { messagesOf as messagesOfFact } from "@antiphon/dispatcher/messages";
import { type Definitions, deployFolder, followDefinitions } from "@antiphon/host/definitions";
import { type Log, type Message, memoryLog } from "@antiphon/log";
import { instanceDomain } from "@antiphon/orchestrator/instance-domain";
import { Fold, processPartition, relayPartition } from "@antiphon/processor";
import { FakeClock } from "@antiphon/processor/testing";
import {
  type Command,
  type CorrelationEvent,
  type CorrelationInput,
  formatJson,
  type InstanceEvent,
  type Json,
  topicLayout,
  topics,
} from "@antiphon/protocol";
import { memoryStore, type Store } from "@antiphon/store";

/** Nothing more happens when nothing has for so many turns of the event loop. */
const QUIET_TURNS = 40;
const READ_MAX = 10_000;
const DAY_MS = 86_400_000;
/** How long logs and what has ended are kept here. */
export const RETENTION = { logMs: 7 * DAY_MS, endedMs: 30 * DAY_MS } as const;

const WORKFLOWS = `${import.meta.dirname}/workflows`;
const SPACES = [topics.history, topics.correlations] as const;

/** A record as it stands in a recording. */
export type Recorded = Pick<Message, "topic" | "key" | "value">;

/** What a fold comes to: by the topic of its facts and the key, what the store holds of each entity. */
export type States = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/**
 * The deciders, the correlator and the relays between them on one partition of a log in memory, at a time that is turned
 * by hand. Nothing calls a service: its answers are sent as commands.
 */
export class FactsWorld implements AsyncDisposable {
  readonly log: Log;
  readonly clock: FakeClock;
  readonly #store: Store = memoryStore();
  readonly #stop = new AbortController();
  readonly #stack = new AsyncDisposableStack();
  #definitions: Definitions | undefined;
  /** What was said to be wrong. */
  readonly warnings: string[] = [];

  private constructor(log: Log, clock: FakeClock) {
    this.log = log;
    this.clock = clock;
  }

  /** A new log, with the definitions deployed. */
  static async begin(nowMs: number): Promise<FactsWorld> {
    const clock = new FakeClock(nowMs);
    const world = new FactsWorld(memoryLog({ now: () => clock.now() }), clock);
    await world.log.ensureTopics(topicLayout(1));
    await world.#start(WORKFLOWS);
    return world;
  }

  /** What was recorded; without facts below these offsets, as if the log had been truncated there. */
  static async restore(
    records: readonly Recorded[],
    nowMs: number,
    starts: Readonly<Record<string, number>> = {},
  ): Promise<FactsWorld> {
    const world = new FactsWorld(memoryLog(), new FakeClock(nowMs));
    // Facts as well are published here, as they were decided long ago: a log only refuses that where it knows of them.
    await world.log.ensureTopics(topicLayout(1).map(({ factual: _, ...spec }) => spec));
    await world.log.publish(records.map((record) => ({ ...record, partition: 0 })));
    for (const [topic, start] of Object.entries(starts)) await world.log.truncate(topic, 0, start);
    await world.#start();
    return world;
  }

  async #start(folder?: string): Promise<void> {
    const { log, clock } = this;
    const warn = (details: object, message: string): void => void this.warnings.push(`${message} ${textOf(details)}`);
    const logger = { trace() {}, debug() {}, info() {}, warn, error: warn, fatal: warn };
    const definitions = this.#stack.use(followDefinitions({ log, clock, logger }, {}));
    this.#definitions = definitions;
    await definitions.ready;
    const ports = { log, store: this.#store, clock, logger };
    if (folder !== undefined) await deployFolder({ ...ports, definitions }, folder, {});
    const callbackUrl = (instance: string, wait: string) => `http://golden.example/callbacks/${instance}.${wait}`;
    const instances = instanceDomain({ definitions, callbackUrl, sliceSteps: 1 });
    const { signal } = this.#stop;
    // The whole log is recorded: somebody has always still to read it.
    const keeping = { ...RETENTION, slowestReader: async () => 0 };
    const relay = (topic: string) => ({ topic, partition: 0, from: 0, sent: 0 });
    const rules = { undeliverable: (message: Message) => message, sent() {} };
    const running = [
      processPartition(instances, ports, 0, signal, keeping),
      processPartition(bucketDomain, ports, 0, signal, keeping),
      ...(folder === undefined
        ? []
        : [
            relayPartition<InstanceEvent>(
              ports,
              relay(topics.history),
              // What goes to users' topics is no part of the machine's logs.
              {
                ...rules,
                messages: (fact, stamp) =>
                  messagesOfFact(fact, stamp).filter(({ topic }) => topicLayout(1).some(({ name }) => name === topic)),
              },
              signal,
            ),
            relayPartition<CorrelationEvent>(
              ports,
              relay(topics.correlations),
              { ...rules, messages: messagesOfMatch },
              signal,
            ),
          ]),
    ];
    this.#stack.defer(async () => {
      this.#stop.abort();
      await Promise.all(running);
    });
    await this.settle();
  }

  async tell(command: Command): Promise<void> {
    await this.write(topics.commands, command.instance, formatJson(command as unknown as Json));
  }

  /** The content hash of a workflow's definition. */
  hashOf(workflow: string): string {
    const hash = this.#definitions?.current(workflow)?.hash;
    if (hash === undefined) throw new Error(`expected the definition of ${workflow}, found none`);
    return hash;
  }

  async tellKey(input: CorrelationInput): Promise<void> {
    await this.write(topics.correlation, input.key, formatJson(input as unknown as Json));
  }

  /** Publishes a record, and lets everything happen that follows from it. */
  async write(topic: string, key: string, value: string): Promise<void> {
    await this.log.publish([{ topic, partition: 0, key, value }]);
    await this.settle();
  }

  /** Time passes, at once. */
  async pass(ms: number): Promise<void> {
    this.clock.turn(ms);
    await this.settle();
  }

  async settle(): Promise<void> {
    for (let quiet = 0, before = ""; quiet < QUIET_TURNS; quiet++) {
      await turn();
      const now = formatJson(await this.#ends());
      if (now !== before) [before, quiet] = [now, 0];
    }
  }

  async records(): Promise<readonly Recorded[]> {
    const records: Recorded[] = [];
    for (const { name: topic } of topicLayout(1)) {
      if (topic === topics.replies) continue;
      const batch = await this.log.read(topic, 0, 0, READ_MAX);
      if (batch.next !== batch.end) throw new Error(`${topic}: expected at most ${READ_MAX} records, found more`);
      records.push(...batch.records.map(({ key, value }) => ({ topic, key, value })));
    }
    return records;
  }

  /** What the store holds of everything that the facts are about. Throws an Error if it has not all of them. */
  async states(): Promise<States> {
    const states: Record<string, Record<string, Json>> = {};
    for (const topic of SPACES) {
      const { records, end, next } = await this.log.read(topic, 0, (await this.log.bounds(topic, 0)).start, READ_MAX);
      if (next !== end) throw new Error(`${topic}: expected at most ${READ_MAX} records, found more`);
      const keys = [...new Set(records.flatMap(({ key }) => (key === null ? [] : [key])))].sort();
      const { position, values } = await this.#store.load(`${topic}/0`, keys.map(Fold.storeKey));
      if (position !== end) throw new Error(`${topic}: expected a fold up to ${end}, found one up to ${position}`);
      const found = keys.flatMap((key, i) => {
        const value = values[i];
        return typeof value === "string" ? [[key, (JSON.parse(value) as { readonly state: Json }).state] as const] : [];
      });
      states[topic] = Object.fromEntries(found);
    }
    return states;
  }

  async #ends(): Promise<Json> {
    const ends = topicLayout(1).map(async ({ name }) => (await this.log.bounds(name, 0)).end);
    const saved = SPACES.map(async (topic) => (await this.#store.load(`${topic}/0`, [])).position);
    return await Promise.all([...ends, ...saved]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function textOf(details: object): string {
  const { err, ...rest } = details as { readonly err?: unknown };
  return [err instanceof Error ? err.message : "", JSON.stringify(rest)].join(" ").trim();
}
