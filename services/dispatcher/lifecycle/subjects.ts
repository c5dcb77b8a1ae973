import type { Definition } from "@antiphon/definition";
import type { Definitions } from "@antiphon/host/definitions";
import type { Log } from "@antiphon/log";
import type { DecidedFact } from "@antiphon/processor";
import { formatJson, type InstanceEvent, type Json, readDecision } from "@antiphon/protocol";

/** An instance as its lifecycle events name it. */
export interface Subject {
  readonly definition: Definition;
  readonly started: Started;
  /** Its data before the fact, if the fact changes it; absent: there was none, or it is not to be found. */
  readonly data?: Json;
}

type Started = Extract<InstanceEvent, { type: "InstanceStarted" }>;

/** What is remembered of an instance. Without data that is longer than `DATA_LENGTH_MAX`: it is read again when it changes. */
interface Known {
  readonly started: Started;
  readonly data?: Json;
}

/** How many instances of a partition are remembered. */
export const SUBJECTS_MAX = 10_000;
/** The most characters of data, as JSON, that are remembered of one of them. */
export const DATA_LENGTH_MAX = 4_096;
/**
 * How many decisions of an instance are gone back through to find its data; and its start, where an earlier release has
 * decided it, which did not say where that is.
 */
export const DECISIONS_MAX = 2_000;

/**
 * Who the facts of one partition are about. A fact names its instance only; how it was started is remembered, or read
 * where the decisions before it lead back to.
 */
export class Subjects {
  readonly #log: Log;
  readonly #definitions: Pick<Definitions, "find" | "newest">;
  readonly #place: { readonly topic: string; readonly partition: number };
  /** The one that was asked for longest ago comes first. */
  readonly #known = new Map<string, Known>();

  constructor(
    { log, definitions }: { readonly log: Log; readonly definitions: Pick<Definitions, "find" | "newest"> },
    place: { readonly topic: string; readonly partition: number },
  ) {
    this.#log = log;
    this.#definitions = definitions;
    this.#place = place;
  }

  /** Who a fact is about; undefined: its start or its definition is not in the log. Throws `LogUnavailableError`. */
  async of(fact: DecidedFact<InstanceEvent>): Promise<Subject | undefined> {
    const { events, previous, beginning = previous } = fact.decision;
    const known = this.#known.get(fact.key ?? "");
    const started = startIn(events) ?? known?.started ?? (await this.#lookBack(beginning, startIn));
    if (started === undefined) return undefined;
    const newest = dataIn(events);
    const isChanged = newest !== undefined;
    const data = known?.data ?? (isChanged ? await this.#lookBack(previous, dataIn) : undefined);
    this.#remember(fact, started, newest ?? known?.data);
    if (this.#definitions.find(started.definition) === undefined) await this.#definitions.newest();
    const deployment = this.#definitions.find(started.definition);
    return deployment && { definition: deployment.definition, started, ...(data !== undefined && { data }) };
  }

  #remember({ key, decision }: DecidedFact<InstanceEvent>, started: Started, data: Json | undefined): void {
    const instance = key ?? "";
    this.#known.delete(instance);
    if (decision.events.some(isEnd)) return;
    const isKept = data !== undefined && formatJson(data).length <= DATA_LENGTH_MAX;
    this.#known.set(instance, { started, ...(isKept && { data }) });
    const [oldest] = this.#known.keys();
    if (this.#known.size > SUBJECTS_MAX && oldest !== undefined) this.#known.delete(oldest);
  }

  /** What the newest decision that has it, from one on backwards, says. */
  async #lookBack<Found>(
    from: number | undefined,
    findIn: (events: readonly InstanceEvent[]) => Found | undefined,
  ): Promise<Found | undefined> {
    const { topic, partition } = this.#place;
    let offset = from;
    for (let decisions = 0; offset !== undefined && decisions < DECISIONS_MAX; decisions++) {
      const { records } = await this.#log.read(topic, partition, offset, 1);
      const [record] = records;
      if (record?.offset !== offset) return undefined;
      const { events, previous } = readDecision<InstanceEvent>(record.value);
      const found = findIn(events);
      if (found !== undefined) return found;
      offset = previous;
    }
    return undefined;
  }
}

/** The data that an instance has after some facts; undefined: they say nothing of it. What a branch has of its own does not count. */
export function dataIn(events: readonly InstanceEvent[]): Json | undefined {
  for (const event of events.toReversed()) {
    if (event.type === "InstanceStarted") return event.data;
    if (event.type === "DataChanged" && event.branch === undefined) return event.data;
  }
  return undefined;
}

function startIn(events: readonly InstanceEvent[]): Started | undefined {
  return events.find((event) => event.type === "InstanceStarted");
}

function isEnd({ type }: InstanceEvent): boolean {
  return type === "InstanceCompleted" || type === "InstanceAborted";
}
