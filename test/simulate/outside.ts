import type { CallbackTokens } from "@antiphon/host";
import { partitionOf } from "@antiphon/log";
import { type CloudEvent, type Command, formatJson, type Json, topics } from "@antiphon/protocol";
import type { Broker } from "./broker.ts";
import { type Sent, Tally } from "./tally.ts";
import type { World } from "./world.ts";

/** How late a copy of what was sent may come. */
const COPY_MS_MAX = 30_000;

/** Everybody who is not the machine, and the ways in: users' topics, callback URLs, and orders as a gateway gives them. */
export class Outside {
  readonly tally = new Tally();
  readonly #world: World;
  readonly #broker: Broker;
  readonly #tokens: CallbackTokens;
  /** How many are on their way. */
  #pending = 0;

  constructor(world: World, broker: Broker, tokens: CallbackTokens) {
    this.#world = world;
    this.#broker = broker;
    this.#tokens = tokens;
  }

  /** Nobody has anything left to send. */
  get isQuiet(): boolean {
    return this.#pending === 0;
  }

  /** Does something later. */
  later(ms: number, act: () => void): void {
    this.#pending++;
    void this.#world.sleep(ms).then(() => {
      act();
      this.#pending--;
    });
  }

  /** An event comes to the topic of its type; now and then once more, somewhere else on it. */
  publish(event: CloudEvent, by: Sent["by"]): void {
    this.tally.sent({ event, by });
    this.#twice(() => {
      const partition = this.#world.schedule.below(this.#broker.partitions(event.type) ?? 1);
      this.#world.tell(() => `event ${event.id} comes to ${event.type}/${partition}`);
      this.#produce(event.type, partition, null, event);
    });
  }

  /** An event comes to a callback URL. */
  call(url: string, event: CloudEvent): void {
    const ref = this.#tokens.read(url.slice(url.lastIndexOf("/") + 1), this.#world.nowMs);
    if (typeof ref === "string") throw new Error(`expected a callback's token, found it ${ref}: ${url}`);
    this.tally.sent({ event, by: "token" });
    const { instance, wait } = ref;
    this.#twice(() => {
      this.#world.tell(() => `event ${event.id} comes to wait ${wait} of instance ${instance}`);
      this.order({ type: "DeliverEvent", instance, event, found: { by: "token", wait } });
    });
  }

  /** A gateway gives an order, and gives it again if it does not know what became of it. */
  start(command: Command): void {
    this.tally.started.push(command.instance);
    this.#twice(() => {
      this.#world.tell(() => `${command.type} for instance ${command.instance}`);
      this.order(command);
    });
  }

  /** Somebody has an instance try again what it has failed at, if it has. */
  retrigger(instance: string): void {
    this.#twice(() => this.order({ type: "RetriggerInstance", instance }));
  }

  order(command: Command): void {
    const partition = partitionOf(command.instance, this.#broker.partitions(topics.commands) ?? 1);
    this.#produce(topics.commands, partition, command.instance, command);
  }

  #produce(topic: string, partition: number, key: string | null, value: object): void {
    this.#broker.produce(topic, partition, [{ key, value: formatJson(value as Json), headers: {} }]);
  }

  #twice(act: () => void): void {
    act();
    if (this.#world.strikes(0.2, "events and orders from outside sent twice")) {
      this.later(this.#world.schedule.below(COPY_MS_MAX), act);
    }
  }
}
