import { route, type Subscriptions, subscribe } from "@antiphon/correlation";
import { type Bundle, readDefinition } from "@antiphon/definition";
import { compile, type Workflow } from "@antiphon/engine";
import type { CloudEvent, Command } from "@antiphon/protocol";
import { broken } from "./guarantees.ts";
import { bury, enqueue, START_MS, type World } from "./world.ts";

/** A small world, and what may happen in it. */
export interface Scenario {
  readonly name: string;
  readonly workflow: Workflow;
  readonly begin: World;
  /** What may happen from outside, by its name in `World.left`. */
  readonly acts: Readonly<Record<string, (world: World) => World>>;
  /** No timer behind this is looked at. */
  readonly untilMs: number;
  problemIn(world: World, isQuiet: boolean): string | undefined;
}

/** A workflow, and what may happen to its instances. */
export interface Outline {
  readonly states: readonly object[];
  readonly events: readonly object[];
  readonly instances: readonly { readonly id: string; readonly order: string }[];
  readonly publish: readonly (Partial<CloudEvent> & {
    readonly id: string;
    readonly type: string;
    readonly copies?: number;
  })[];
  /** Events that come to the callback URL of a wait as well. */
  readonly answer?: readonly {
    readonly id: string;
    readonly type: string;
    readonly instance: string;
    readonly wait: string;
  }[];
  readonly abort?: string;
  readonly repeats?: number;
  readonly untilMs?: number;
}

const DAY_MS = 86_400_000;

/** Makes a small world of a workflow and of what may happen to it. */
export function scenario(name: string, outline: Outline): Scenario {
  const document = { id: "w", start: "a", events: outline.events, states: outline.states };
  const bundle: Bundle = { path: "w.sw.json", files: { "w.sw.json": JSON.stringify(document) } };
  const { definition, problems } = readDefinition(bundle, {});
  if (definition === undefined) throw new Error(`${name}: ${JSON.stringify(problems)}`);
  const subscriptions = subscribe([{ hash: "h", definition, current: true }]);
  const acts: Record<string, (world: World) => World> = {};
  const left: Record<string, number> = { repeat: outline.repeats ?? 0 };
  for (const { id, order } of outline.instances) {
    left[`start ${id}`] = 1;
    acts[`start ${id}`] = (world) =>
      command(world, {
        type: "StartInstance",
        instance: id,
        workflow: "w",
        definition: "h",
        data: { order },
        headers: {},
      });
  }
  for (const [place, { copies = 1, ...attributes }] of outline.publish.entries()) {
    const event = { specversion: "1.0", source: "/s", ...attributes } as CloudEvent;
    const act = `publish ${event.id} ${copies} ${place}`;
    left[act] = copies;
    acts[act] = (world) => publish(world, event, subscriptions);
  }
  for (const { id, type, instance, wait } of outline.answer ?? []) {
    const event = { specversion: "1.0", source: "/s", id, type } as CloudEvent;
    left[`answer ${id}`] = 1;
    acts[`answer ${id}`] = (world) =>
      command(world, { type: "DeliverEvent", instance, event, found: { by: "token", wait } });
  }
  if (outline.abort !== undefined) {
    const instance = outline.abort;
    left[`abort ${instance}`] = 1;
    acts[`abort ${instance}`] = (world) => command(world, { type: "AbortInstance", instance });
  }
  // Whoever answers twice, by two ways, is known as a duplicate only where the second way ends.
  const twoWays = outline.answer !== undefined;
  const shared = JSON.stringify(outline.events).includes('"cardinality":"all"');
  return {
    name,
    workflow: compile(definition),
    begin: {
      nowMs: START_MS,
      instances: {},
      buckets: {},
      channels: {},
      sources: {},
      sent: {},
      logs: {},
      fates: {},
      left,
    },
    acts,
    untilMs: START_MS + (outline.untilMs ?? DAY_MS / 48),
    problemIn: (world, isQuiet) => broken(world, isQuiet, { shared, twoWays }),
  };
}

function command(world: World, order: Command): World {
  return enqueue(world, `outside ${order.type}`, { to: "instance", key: order.instance, command: order });
}

/** An event comes in on its topic; each copy is a record of its own. */
function publish(world: World, event: CloudEvent, subscriptions: Subscriptions): World {
  let after = world;
  for (const destination of route(event, subscriptions, { deriveId: (text) => text })) {
    switch (destination.to) {
      case "commands":
        after = enqueue(after, "topic", {
          to: "instance",
          key: destination.command.instance,
          command: destination.command,
        });
        break;
      case "correlation":
        after = enqueue(after, "topic", { to: "key", key: destination.input.key, input: destination.input });
        break;
      case "dead-letters":
        after = bury(after, event, destination.disposition);
        break;
    }
  }
  return after;
}
