import type { Definition } from "@antiphon/definition";
import type { Running } from "@antiphon/host";
import type { Deployment } from "@antiphon/host/definitions";
import { type Log, type LogRecord, memoryLog } from "@antiphon/log";
import { FakeClock } from "@antiphon/processor/testing";
import {
  type ActionRequested,
  type CompleteAction,
  type Decision,
  formatJson,
  type InstanceEvent,
  type Json,
  parseJson,
  topicLayout,
  topics,
} from "@antiphon/protocol";
import type { DispatcherConfig } from "../config.ts";
import { type DispatcherPorts, startDispatcher } from "../index.ts";
import type { MessageLogger } from "../log-messages.ts";

export const HASH = "sha-1";
export const NOW_MS = 1_767_225_600_000;

export const silent: MessageLogger = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** A workflow that has nothing but functions. */
export function definitionOf(
  functions: Definition["functions"],
  properties: Definition["properties"] = {},
): Definition {
  return {
    id: "orders",
    version: "1.2",
    name: "Orders",
    start: "s",
    states: {},
    events: {},
    functions,
    errors: {},
    retries: {},
    auth: {},
    secrets: [],
    constants: {},
    keepActive: false,
    annotations: [],
    metadata: {},
    workflows: [],
    properties,
    secretValues: properties,
  };
}

/** A request of a test. */
export function requested(action: string, called: string, args: Json = {}): ActionRequested {
  return { type: "ActionRequested", action, function: called, definition: HASH, arguments: args };
}

/** A dispatcher's surroundings: one partition, a clock that stands still, and one definition, when it is known. */
export class World {
  readonly log: Log = memoryLog();
  readonly clock = new FakeClock(NOW_MS);
  definition: Definition | undefined;
  #end = 0;

  constructor(definition?: Definition) {
    this.definition = definition;
  }

  async open(): Promise<this> {
    await this.log.ensureTopics(topicLayout(1));
    return this;
  }

  /** Writes one decision of an instance. */
  async happen(instance: string, ...events: readonly InstanceEvent[]): Promise<void> {
    await this.append({ key: instance, decision: { atMs: NOW_MS, events } });
  }

  async append(...facts: readonly { key: string | null; decision: Decision<InstanceEvent> }[]): Promise<void> {
    const records: readonly LogRecord[] = facts.map(({ key, decision }) => ({
      key,
      value: formatJson(decision as unknown as Json),
    }));
    await this.log.append(topics.history, 0, records, { at: this.#end });
    this.#end += records.length;
  }

  start(config: Partial<DispatcherConfig> = {}, ports: Partial<DispatcherPorts> = {}): Promise<Running> {
    const find = () => (this.definition === undefined ? undefined : deployment(this.definition));
    const all = () => [find()].filter((found) => found !== undefined);
    const newest = async () => {};
    const onChange = () => () => {};
    return startDispatcher(
      { log: this.log, clock: this.clock, logger: silent, definitions: { all, find, newest, onChange }, ...ports },
      { concurrency: 64, actionTimeoutMs: 60_000, ...config },
    );
  }

  /** What a topic holds, as JSON. */
  async on(topic: string): Promise<readonly Json[]> {
    const { records } = await this.log.read(topic, 0, 0, 10_000);
    return records.map(({ value }) => parseJson(value ?? "null"));
  }

  /** The results so far, by instance and action. */
  async results(): Promise<Readonly<Record<string, CompleteAction["outcome"]>>> {
    const commands = (await this.on(topics.commands)) as unknown as readonly (CompleteAction & { instance: string })[];
    return Object.fromEntries(commands.map(({ instance, action, outcome }) => [`${instance}:${action}`, outcome]));
  }

  /** Resolves to the results when there are so many. */
  async resultsOf(count: number): Promise<Readonly<Record<string, CompleteAction["outcome"]>>> {
    await until(async () => (await this.on(topics.commands)).length >= count, `${count} results`);
    return this.results();
  }
}

function deployment(definition: Definition): Deployment {
  return {
    hash: HASH,
    definition,
    bundle: { path: "", files: {} },
    configuration: {},
    deployedMs: 0,
    sequence: 0,
    current: true,
  };
}

/** How often a condition is looked at before a test fails; between two looks the network gets its turn. */
const LOOKS_MAX = 20_000;

export async function until(done: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    if (await done()) return;
    await new Promise((resolve) => (look % 100 === 99 ? setTimeout(resolve, 1) : setImmediate(resolve)));
  }
  throw new Error(`expected ${what}, found none`);
}
