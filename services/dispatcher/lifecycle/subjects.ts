import type { Definition } from "@antiphon/definition";
import type { Definitions } from "@antiphon/host/definitions";
import type { Log } from "@antiphon/log";
import type { DecidedFact } from "@antiphon/processor";
import { type InstanceEvent, readDecision } from "@antiphon/protocol";

/** An instance as its lifecycle events name it. */
export interface Subject {
  readonly definition: Definition;
  readonly started: Extract<InstanceEvent, { type: "InstanceStarted" }>;
}

/** How many instances of a partition are remembered. */
export const SUBJECTS_MAX = 10_000;
/** How many decisions of an instance are gone back through to find its start. */
export const DECISIONS_MAX = 2_000;

/**
 * Who the facts of one partition are about. A fact names its instance only; how it was started is remembered, or read
 * where the decisions before it lead back to.
 */
export class Subjects {
  readonly #log: Log;
  readonly #definitions: Pick<Definitions, "find" | "get">;
  readonly #place: { readonly topic: string; readonly partition: number };
  /** The one that was asked for longest ago comes first. */
  readonly #known = new Map<string, Subject["started"]>();

  constructor(
    { log, definitions }: { readonly log: Log; readonly definitions: Pick<Definitions, "find" | "get"> },
    place: { readonly topic: string; readonly partition: number },
  ) {
    this.#log = log;
    this.#definitions = definitions;
    this.#place = place;
  }

  /** Who a fact is about; undefined: its start or its definition is not to be found. */
  async of(fact: DecidedFact<InstanceEvent>): Promise<Subject | undefined> {
    const started = await this.#startOf(fact);
    if (started === undefined) return undefined;
    const deployment =
      this.#definitions.find(started.definition) ??
      (await this.#definitions.get(started.definition).catch(() => undefined));
    return deployment && { definition: deployment.definition, started };
  }

  async #startOf({ key, decision }: DecidedFact<InstanceEvent>): Promise<Subject["started"] | undefined> {
    const instance = key ?? "";
    const started = startIn(decision.events) ?? this.#known.get(instance) ?? (await this.#goBack(decision.previous));
    if (started === undefined) return undefined;
    this.#known.delete(instance);
    if (!decision.events.some(isEnd)) this.#known.set(instance, started);
    const [oldest] = this.#known.keys();
    if (this.#known.size > SUBJECTS_MAX && oldest !== undefined) this.#known.delete(oldest);
    return started;
  }

  async #goBack(from: number | undefined): Promise<Subject["started"] | undefined> {
    const { topic, partition } = this.#place;
    let offset = from;
    for (let decisions = 0; offset !== undefined && decisions < DECISIONS_MAX; decisions++) {
      const { records } = await this.#log.read(topic, partition, offset, 1);
      const [record] = records;
      if (record?.offset !== offset) return undefined;
      const { events, previous } = readDecision<InstanceEvent>(record.value);
      const started = startIn(events);
      if (started !== undefined) return started;
      offset = previous;
    }
    return undefined;
  }
}

function startIn(events: readonly InstanceEvent[]): Subject["started"] | undefined {
  return events.find((event) => event.type === "InstanceStarted");
}

function isEnd({ type }: InstanceEvent): boolean {
  return type === "InstanceCompleted" || type === "InstanceAborted";
}
