import { once } from "node:events";
import { absent, evolve, type Instance } from "@antiphon/engine";
import { type Log, memoryLog, partitionOf } from "@antiphon/log";
import { Fold } from "@antiphon/processor";
import {
  type CorrelationEvent,
  type DeadLetter,
  formatJson,
  type InstanceEvent,
  type Json,
  type JsonObject,
  type ParentAction,
  type PastDecision,
  topicLayout,
  topics,
} from "@antiphon/protocol";
import { type MemoryStore, memoryStore } from "@antiphon/store";
import { changesOf, project, viewedTopics, viewSpace } from "@antiphon/views";
import Fastify, { type FastifyInstance } from "fastify";
import { answerErrors } from "../../http/errors.ts";
import { keepReadsFresh } from "../../http/fresh-reads.ts";
import { hideSecrets } from "../../http/hide-secrets.ts";
import { CATCH_UP_MS_MAX, Freshness } from "../freshness.ts";
import { registerQueries } from "../register-queries.ts";

const READ_MAX = 10_000;

/** A deployment with nobody in it: what services would write is written by hand. */
export class QueryBench {
  readonly partitions = 3;
  readonly log: Log = memoryLog({ now: () => 0 });
  readonly store: MemoryStore = memoryStore();
  readonly failures: unknown[] = [];
  /** What happens while somebody waits for the views, and whether it takes too long. */
  meanwhile: () => Promise<void> = async () => {};
  isTooLong = false;
  readonly clock = {
    sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
      if (ms < CATCH_UP_MS_MAX) {
        await this.meanwhile();
        await new Promise((resolve) => setImmediate(resolve));
        return;
      }
      if (!this.isTooLong) await once(signal, "abort");
    },
  };
  readonly #instances = new Map<string, { readonly state: Instance; readonly newest: number }>();

  static async open(): Promise<QueryBench> {
    const bench = new QueryBench();
    await bench.log.ensureTopics(topicLayout(bench.partitions));
    return bench;
  }

  /** A decision about an instance: in the log, and in the orchestrator's store. Answers with its offset. */
  async decide(instance: string, atMs: number, ...events: readonly InstanceEvent[]): Promise<number> {
    const partition = partitionOf(instance, this.partitions);
    const before = this.#instances.get(instance);
    const { end } = await this.log.bounds(topics.history, partition);
    const decision = { ...(before && { previous: before.newest }), atMs, events };
    await this.#append(topics.history, partition, instance, decision);
    const state = events.reduce((s, event) => evolve(s, event, atMs), before?.state ?? absent);
    this.#instances.set(instance, { state, newest: end });
    await this.#save(`${topics.history}/${partition}`, end + 1, instance);
    return end;
  }

  /** Copies an instance forward as it is, with so much of its past. */
  async copy(instance: string, atMs: number, history: readonly PastDecision<InstanceEvent>[] = []): Promise<number> {
    const partition = partitionOf(instance, this.partitions);
    const before = this.#instances.get(instance);
    if (before === undefined) throw new Error(`expected an instance, found no ${instance}`);
    const { end } = await this.log.bounds(topics.history, partition);
    const state = before.state as unknown as JsonObject;
    const decision = { previous: before.newest, atMs, events: [], checkpoint: { state, history } };
    await this.#append(topics.history, partition, instance, decision);
    this.#instances.set(instance, { ...before, newest: end });
    await this.#save(`${topics.history}/${partition}`, end + 1, instance);
    return end;
  }

  /** The log of an instance's partition begins here from now on. */
  async cutOff(instance: string, before: number): Promise<void> {
    await this.log.truncate(topics.history, partitionOf(instance, this.partitions), before);
  }

  /** Starts an instance of a workflow. */
  async start(
    instance: string,
    atMs: number,
    facts: { workflow?: string; businessKey?: string; parent?: ParentAction } = {},
  ): Promise<number> {
    const { workflow = "w", ...more } = facts;
    const pinned = { version: "1", definition: "hash", data: { n: 1 }, headers: {}, correlation: {} };
    return this.decide(instance, atMs, { type: "InstanceStarted", instance, workflow, ...pinned, ...more });
  }

  /** A decision about a correlation key. */
  async correlate(key: string, atMs: number, ...events: readonly CorrelationEvent[]): Promise<void> {
    await this.#append(topics.correlations, partitionOf(key, this.partitions), key, { atMs, events });
  }

  async bury(letter: DeadLetter): Promise<void> {
    const key = letter.event?.source ?? letter.id;
    const partition = partitionOf(key, this.partitions);
    await this.log.publish([
      { topic: topics.deadLetters, partition, key, value: formatJson(letter as unknown as Json) },
    ]);
  }

  /** Brings the views to the end of the logs. */
  async project(): Promise<void> {
    for (const topic of viewedTopics) {
      for (let partition = 0; partition < this.partitions; partition++) {
        const space = viewSpace(topic, partition);
        const { position: expected } = await this.store.load(space, []);
        const { records, next } = await this.log.read(topic, partition, expected ?? 0, READ_MAX);
        const changes = records.flatMap((record) => changesOf(topic, record));
        const keys = changes.map(({ key }) => key);
        const { values } = await this.store.load(space, keys);
        const held = new Map(keys.map((key, i) => [key, values[i] ?? null]));
        await this.store.commit(space, { expected, position: next, ...project(changes, held) });
      }
    }
  }

  /** Asks the routes; answers with status and document. */
  async get(url: string): Promise<{ readonly status: number; readonly body: Json }> {
    const response = await this.app().inject({ method: "GET", url });
    return { status: response.statusCode, body: response.json() as Json };
  }

  /** A list, page after page; `between` is called after each. */
  async pages<Item>(url: string, between: () => Promise<void> = async () => {}): Promise<readonly (readonly Item[])[]> {
    const pages: (readonly Item[])[] = [];
    let next: string | undefined;
    do {
      const more = next === undefined ? "" : `&cursor=${next}`;
      const response = await this.app().inject({ method: "GET", url: `${url}${more}` });
      const page = response.json() as { items: Item[]; next?: string };
      pages.push(page.items);
      next = page.next;
      await between();
    } while (next !== undefined);
    return pages;
  }

  app(): FastifyInstance {
    const app = Fastify();
    const note = (details: object): void => void this.failures.push(details);
    hideSecrets(app, { shown: formatJson });
    answerErrors(app, { info() {}, warn: note, error: note });
    const { log, store, clock, partitions } = this;
    const definitions = { newest: async () => {}, current: () => undefined };
    const freshness = new Freshness({ log, store, clock, partitions, definitions });
    keepReadsFresh(app, { freshness, ports: { definitions }, catalog: { channelAt: () => undefined } });
    registerQueries(app, this);
    return app;
  }

  async #append(topic: string, partition: number, key: string, decision: object): Promise<void> {
    const { end } = await this.log.bounds(topic, partition);
    await this.log.append(topic, partition, [{ key, value: formatJson(decision as Json) }], { at: end });
  }

  async #save(space: string, position: number, instance: string): Promise<void> {
    const { position: expected } = await this.store.load(space, []);
    const value = formatJson(this.#instances.get(instance) as unknown as Json);
    const values = new Map([[Fold.storeKey(instance), value]]);
    await this.store.commit(space, { expected, position, values, added: [], removed: [] });
  }
}
