import {
  type Bucket,
  decide as decideKey,
  dueMs as dueOfKey,
  emptyBucket,
  evolve as evolveKey,
} from "@antiphon/correlation";
import { messagesOf as messagesOfMatch } from "@antiphon/correlator/relay-matches";
import { messagesOf as messagesOfFact } from "@antiphon/dispatcher/messages";
import { absent, decide, dueMs, type Environment, evolve, type Instance, type Workflow } from "@antiphon/engine";
import { Sources, type SourcesState } from "@antiphon/processor";
import {
  type CloudEvent,
  type Command,
  type CorrelationInput,
  type InstanceEvent,
  parseJson,
  type Stamp,
  topics,
} from "@antiphon/protocol";
import { type Decided, restored } from "./restored.ts";

/** The code that is explored; a mutant replaces a part of it. */
export const REAL = {
  decideInstance: decide,
  evolveInstance: evolve,
  decideKey,
  evolveKey,
  factMessages: messagesOfFact,
  matchMessages: messagesOfMatch,
  /** Whether a receiver has taken a message in before, by the place that its relay had it from. */
  hasSeen: (seen: SourcesState, stamp: Stamp) => new Sources(seen).hasSeen(stamp),
};
export type Code = typeof REAL;

/** Everything that there is: instances, keys, and what is on the way between them. Plain, and never changed. */
export interface World {
  readonly nowMs: number;
  readonly instances: Readonly<Record<string, Instance>>;
  readonly buckets: Readonly<Record<string, Bucket>>;
  /** What is on the way, in order, by `{from} > {to}`. What comes from outside has no relay, and so no order number. */
  readonly channels: Readonly<Record<string, Channel>>;
  /** What each receiver has taken in from each relay, and how many decisions each log has. They follow from the rest. */
  readonly sources: Readonly<Record<string, SourcesState>>;
  readonly sent: Readonly<Record<string, number>>;
  /** All decisions, by the log's name: what an owner folds that begins anew. They follow from the rest too. */
  readonly logs: Readonly<Record<string, readonly Decided[]>>;
  /** What has become of each event, by its id, in the order in which it did. */
  readonly fates: Readonly<Record<string, readonly Fate[]>>;
  /** What may still happen once more: events to publish, instances to abort, messages to repeat. */
  readonly left: Readonly<Record<string, number>>;
}

export interface Channel {
  readonly waiting: readonly Message[];
  /** The newest that the receiver took in, oldest first, of those that a relay may send again. */
  readonly taken: readonly Message[];
}

/** How far back a relay goes that begins again. */
const REPEATED_MAX = 2;

export type Message = { readonly from?: Stamp } & (
  | { readonly to: "instance"; readonly key: string; readonly command: Command }
  | { readonly to: "key"; readonly key: string; readonly input: CorrelationInput }
);

export type Fate =
  | { readonly kind: "received"; readonly instance: string; readonly wait: string }
  | { readonly kind: "dead"; readonly disposition: string };

export const START_MS = 1_000_000;

export interface Setting {
  readonly code: Code;
  readonly workflow: Workflow;
}

/** An instance takes an order in, or its time. */
export function tell(world: World, { code, workflow }: Setting, id: string, input: Command | "time"): World {
  const log = `history ${id}`;
  const before = restored(log, world.logs[log], absent as Instance, code.evolveInstance, world.instances[id]);
  const order = input === "time" ? ({ type: "ReachTime" } as const) : input;
  const facts = code.decideInstance(workflow, before, order, environmentAt(world.nowMs));
  const state = facts.reduce((one, fact) => code.evolveInstance(one, fact, world.nowMs), before);
  const decided = { atMs: world.nowMs, events: facts };
  const after = append({ ...world, instances: { ...world.instances, [id]: state } }, log, decided);
  return send(remember(after, id, facts), log, (stamp) =>
    code.factMessages({ offset: 0, key: id, decision: decided }, stamp),
  );
}

/** A key takes an input in, or its time. */
export function tellKey(world: World, { code }: Setting, key: string, input: CorrelationInput | "time"): World {
  const log = `key ${key}`;
  const before = restored(log, world.logs[log], emptyBucket, code.evolveKey, world.buckets[key]);
  const order = input === "time" ? ({ type: "ReachTime" } as const) : input;
  const facts = code.decideKey(before, order, world.nowMs);
  const state = facts.reduce((one, fact) => code.evolveKey(one, fact, world.nowMs), before);
  const decided = { atMs: world.nowMs, events: facts };
  const after = append({ ...world, buckets: { ...world.buckets, [key]: state } }, log, decided);
  return send(after, log, (stamp) => code.matchMessages({ offset: 0, key, decision: decided }, stamp));
}

function append(world: World, log: string, decided: Decided): World {
  return { ...world, logs: { ...world.logs, [log]: [...(world.logs[log] ?? []), decided] } };
}

function environmentAt(nowMs: number): Environment {
  return {
    nowMs,
    // So that whatever may be decided in slices is, and something else may come in between.
    sliceSteps: 1,
    callbackUrl: (instance, wait) => `${instance}/${wait}`,
    childId: (instance, action) => `${instance}/${action}`,
  };
}

/** When an instance or a key wants its time, the earliest first. */
export function dueTimes({ instances, buckets }: World): readonly { readonly who: string; readonly dueMs: number }[] {
  const ofInstances = Object.entries(instances).map(([id, state]) => ({ who: `i ${id}`, dueMs: dueMs(state) }));
  const ofKeys = Object.entries(buckets).map(([key, state]) => ({ who: `k ${key}`, dueMs: dueOfKey(state) }));
  return [...ofInstances, ...ofKeys].flatMap(({ who, dueMs: due }) => (due === undefined ? [] : [{ who, dueMs: due }]));
}

/** Puts a message behind the others of its way. */
export function enqueue(world: World, from: string, message: Message): World {
  const name = `${from} > ${message.to} ${message.key}`;
  const channel = world.channels[name] ?? { waiting: [], taken: [] };
  return withChannel(world, name, { ...channel, waiting: [...channel.waiting, message] });
}

/** The first message of a channel is taken in by whom it is for. */
export function takeNext(world: World, setting: Setting, name: string): World {
  const { waiting, taken } = world.channels[name] ?? { waiting: [], taken: [] };
  const [message, ...rest] = waiting;
  if (message === undefined) return world;
  const repeatable = message.from === undefined ? taken : [...taken, message].slice(-REPEATED_MAX);
  return takeIn(withChannel(world, name, { waiting: rest, taken: repeatable }), setting, message);
}

/** A relay sends again what it has sent last. */
export function repeat(world: World, name: string): World {
  const { waiting, taken } = world.channels[name] ?? { waiting: [], taken: [] };
  return withChannel(world, name, { waiting: [...taken, ...waiting], taken: [] });
}

/** Whether whom it is for has taken a message in before. */
export function isRepeated(world: World, { code }: Setting, message: Message): boolean {
  return message.from !== undefined && code.hasSeen(world.sources[receiverOf(message)] ?? {}, message.from);
}

function takeIn(world: World, setting: Setting, message: Message): World {
  if (isRepeated(world, setting, message)) return world;
  const after = message.from === undefined ? world : withSource(world, receiverOf(message), message.from);
  if (message.to === "instance") return tell(after, setting, message.key, message.command);
  return tellKey(after, setting, message.key, message.input);
}

function receiverOf({ to, key }: Message): string {
  return `${to} ${key}`;
}

function withSource(world: World, receiver: string, stamp: Stamp): World {
  const sources = new Sources(world.sources[receiver]);
  sources.add(stamp);
  return { ...world, sources: { ...world.sources, [receiver]: sources.state() } };
}

function withChannel(world: World, name: string, channel: Channel): World {
  return { ...world, channels: { ...world.channels, [name]: channel } };
}

/** An event has been put aside. */
export function bury(world: World, { id }: CloudEvent, disposition: string): World {
  return withFate(world, id, { kind: "dead", disposition });
}

interface Sent {
  readonly topic: string;
  readonly key: string | null;
  readonly value: string | null;
}

/** What a log's newest decision sends elsewhere; `messages` are asked for with the place of that decision. */
function send(world: World, log: string, messages: (stamp: (index: number) => Stamp) => readonly Sent[]): World {
  const offset = (world.sent[log] ?? 0) + 1;
  const begun = { ...world, sent: { ...world.sent, [log]: offset } };
  const stamped = messages((index) => ({ topic: log, partition: 0, offset, index }));
  return stamped.reduce((after, { topic, key, value }) => {
    const read = parseJson(value ?? "null") as unknown;
    switch (topic) {
      case topics.commands: {
        const command = read as Command;
        return enqueue(after, log, { to: "instance", key: key ?? "", command, ...fromOf(command) });
      }
      case topics.correlation: {
        const input = read as CorrelationInput;
        return enqueue(after, log, { to: "key", key: key ?? "", input, ...fromOf(input) });
      }
      case topics.deadLetters: {
        const { event, disposition } = read as { readonly event?: CloudEvent; readonly disposition: string };
        return event === undefined ? after : bury(after, event, disposition);
      }
      default:
        return after;
    }
  }, begun);
}

function fromOf({ from }: { readonly from?: Stamp }): { readonly from?: Stamp } {
  return from === undefined ? {} : { from };
}

function remember(world: World, instance: string, facts: readonly InstanceEvent[]): World {
  return facts.reduce((after, fact) => {
    if (fact.type !== "EventReceived") return after;
    return withFate(after, fact.event.id, { kind: "received", instance, wait: fact.wait });
  }, world);
}

function withFate(world: World, id: string, fate: Fate): World {
  return { ...world, fates: { ...world.fates, [id]: [...(world.fates[id] ?? []), fate] } };
}
