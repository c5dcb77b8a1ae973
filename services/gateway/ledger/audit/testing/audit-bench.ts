import assert from "node:assert/strict";
import { type Bucket, emptyBucket, evolve as evolveBucket } from "@antiphon/correlation";
import { absent, evolve as evolveInstance, type Instance } from "@antiphon/engine";
import { type Log, memoryLog } from "@antiphon/log";
import { Fold } from "@antiphon/processor";
import {
  type CorrelationEvent,
  type Decision,
  formatJson,
  type InstanceEvent,
  type Json,
  type JsonObject,
  type PartitionCheckpoint,
  readDecision,
  topicLayout,
  topics,
} from "@antiphon/protocol";
import { type MemoryStore, memoryStore } from "@antiphon/store";
import { changesOf, project, viewedTopics, viewSpace } from "@antiphon/views";
import { audit } from "../audit.ts";

/** An event of no matter. */
export function sampleEvent(id: string) {
  return { specversion: "1.0", id, source: "/s", type: "t" } as const;
}

/** A place in a partition's log. */
export function placeIn(topic: string, offset: number) {
  return { topic, partition: 0, offset, index: 0 };
}

/** An instance begins. */
export function started(instance: string): InstanceEvent {
  const facts = { workflow: "w", version: "1", definition: "h", data: {}, headers: {}, correlation: {} };
  return { type: "InstanceStarted", instance, ...facts };
}

/** It waits, at the keys that are given. */
export function awaited(wait: string, ...keys: readonly string[]): InstanceEvent {
  const events =
    keys.length === 0 ? [{ name: "n", eventType: "t" }] : keys.map((key) => ({ name: "n", eventType: "t", key }));
  return { type: "EventAwaited", wait, events };
}

const NEVER = new AbortController().signal;

/** Logs of one partition that are written by hand, as nobody would who keeps to the rules. */
export class AuditBench {
  readonly log: Log = memoryLog({ now: () => 0 });
  readonly store: MemoryStore = memoryStore();
  readonly partitions = 1;
  /** What happens while the audit waits for what does not agree. */
  meanwhile: () => Promise<void> = async () => {};
  rounds = 0;
  readonly #newest = new Map<string, number>();
  readonly clock = {
    now: () => 1_000,
    steady: () => 1_000,
    sleep: async (): Promise<void> => {
      this.rounds += 1;
      await this.meanwhile();
      await this.view();
    },
  };

  static async open(): Promise<AuditBench> {
    const made = new AuditBench();
    await made.log.ensureTopics(topicLayout(1));
    return made;
  }

  async history(decision: Partial<Decision<InstanceEvent>>, instance = "i1"): Promise<void> {
    await this.#append(topics.history, instance, decision);
  }

  async correlations(decision: Partial<Decision<CorrelationEvent>>, key = "k"): Promise<void> {
    await this.#append(topics.correlations, key, decision);
  }

  async input(topic: string, key: string, input: object): Promise<void> {
    await this.log.publish([{ topic, key, value: JSON.stringify(input), partition: 0 }]);
  }

  /** Writes what stands at a key of the store, and leaves its position where it is unless that is said. */
  async put(space: string, key: string, value: Json, due: readonly string[] = [], position?: number): Promise<void> {
    const { position: expected } = await this.store.load(space, []);
    const added = due.map((entry) => ({ index: "due", entry }));
    const values = new Map([[key, value === null ? null : formatJson(value)]]);
    await this.store.commit(space, { expected, position: position ?? expected ?? 0, values, added, removed: [] });
  }

  /** The store holds all states as orchestrators and correlators fold them, with the due times that are given. */
  async remember(due: readonly string[] = []): Promise<void> {
    await this.#remember<Instance, InstanceEvent>(topics.history, absent, evolveInstance, due);
    await this.#remember<Bucket, CorrelationEvent>(topics.correlations, emptyBucket, evolveBucket, []);
  }

  async #remember<State, Event>(
    topic: string,
    nothing: State,
    evolve: (state: State, event: Event, atMs: number) => State,
    due: readonly string[],
  ): Promise<void> {
    const { next } = await this.log.read(topic, 0, 0, 10_000);
    const states = await this.#statesOf(topic, nothing, evolve);
    const values = new Map(
      [...states].map(([key, state]) => [Fold.storeKey(key), formatJson({ state } as unknown as Json)]),
    );
    const added = due.map((entry) => ({ index: "due", entry }));
    await this.store.commit(`${topic}/0`, { expected: null, position: next, values, added, removed: [] });
  }

  async #statesOf<State, Event>(
    topic: string,
    nothing: State,
    evolve: (state: State, event: Event, atMs: number) => State,
  ): Promise<ReadonlyMap<string, State>> {
    const { records } = await this.log.read(topic, 0, 0, 10_000);
    const states = new Map<string, State>();
    for (const { key, value } of records) {
      const { events, atMs } = readDecision<Event>(value);
      if (key === null) continue;
      const before = states.get(key) ?? nothing;
      states.set(
        key,
        events.reduce((state, event) => evolve(state, event, atMs), before),
      );
    }
    return states;
  }

  /**
   * Copies forward what is alive, as `changed` has it (undefined: it is forgotten), with what the partitions have taken in; the
   * views and states in the store come along.
   */
  async copyForward(
    alive: { readonly instances: readonly string[]; readonly keys: readonly string[] },
    sources: {
      readonly history: PartitionCheckpoint["sources"];
      readonly correlations: PartitionCheckpoint["sources"];
    },
    changed: (key: string, state: JsonObject) => JsonObject | undefined = (_, state) => state,
  ): Promise<void> {
    const instances = await this.#statesOf<Instance, InstanceEvent>(topics.history, absent, evolveInstance);
    const buckets = await this.#statesOf<Bucket, CorrelationEvent>(topics.correlations, emptyBucket, evolveBucket);
    for (const [topic, states, keys, taken] of [
      [topics.history, instances, alive.instances, sources.history],
      [topics.correlations, buckets, alive.keys, sources.correlations],
    ] as const) {
      for (const key of keys) {
        const state = changed(key, JSON.parse(formatJson(states.get(key) as unknown as Json)) as JsonObject);
        if (state !== undefined) await this.#append(topic, key, { atMs: 9, checkpoint: { state } });
      }
      const { end: inputs } = await this.log.bounds(topic === topics.history ? topics.commands : topics.correlation, 0);
      await this.#append(topic, null, { atMs: 9, partition: { from: 0, inputs, sources: taken } });
      const { end } = await this.log.bounds(topic, 0);
      const space = `${topic}/0`;
      const { position: expected } = await this.store.load(space, []);
      await this.store.commit(space, { expected, position: end, values: new Map(), added: [], removed: [] });
    }
    await this.view();
  }

  async view(): Promise<void> {
    for (const topic of viewedTopics) {
      const space = viewSpace(topic, 0);
      const { position: expected } = await this.store.load(space, []);
      const { records, next } = await this.log.read(topic, 0, expected ?? 0, 1_000);
      if (records.length === 0) continue;
      const changes = records.flatMap((record) => changesOf(topic, record));
      const keys = changes.map(({ key }) => key);
      const { values } = await this.store.load(space, keys);
      const held = new Map(keys.map((key, i) => [key, values[i] ?? null]));
      await this.store.commit(space, { expected, position: next, ...project(changes, held) });
    }
  }

  async audit(): Promise<{ readonly [member: string]: Json }> {
    return await audit(this, NEVER);
  }

  /** What does not agree: kinds and subjects. */
  async disagreements(): Promise<readonly Json[]> {
    return (await this.listed()).map(({ kind = null, subject = null }) => ({ kind, subject }));
  }

  /** What does not agree, in full. */
  async listed(): Promise<readonly { readonly [member: string]: Json }[]> {
    await this.view();
    const { disagreements } = await this.audit();
    const { count, listed } = disagreements as { count: number; listed: readonly { [member: string]: Json }[] };
    assert.equal(count, listed.length);
    return listed;
  }

  async #append(topic: string, key: string | null, decision: object): Promise<void> {
    const { end } = await this.log.bounds(topic, 0);
    const previous = key === null ? undefined : this.#newest.get(`${topic} ${key}`);
    const value = JSON.stringify({ atMs: 5, events: [], ...(previous !== undefined && { previous }), ...decision });
    if (key !== null) this.#newest.set(`${topic} ${key}`, end);
    await this.log.append(topic, 0, [{ key, value }], { at: end });
  }
}
