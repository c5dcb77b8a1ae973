import { heldIn } from "@antiphon/correlation";
import { openWaits } from "@antiphon/engine";
import type { World } from "./world.ts";

/** What a scenario may have that others may not. */
export interface Allowed {
  /** An event is for every instance that waits. */
  readonly shared: boolean;
  /** An event comes to a wait and to its key as well. */
  readonly twoWays: boolean;
}

/** What is wrong with a state by the guarantees G1 and G2; undefined: nothing. */
export function broken(world: World, isQuiet: boolean, allowed: Allowed): string | undefined {
  return (
    resolvedTwice(world) ??
    takenTwice(world, allowed) ??
    (isQuiet ? (unsettled(world, allowed) ?? unregistered(world)) : undefined)
  );
}

/** G1: a wait is resolved at most once. */
function resolvedTwice({ fates }: World): string | undefined {
  const waits = new Set<string>();
  for (const fate of Object.values(fates).flat()) {
    if (fate.kind !== "received") continue;
    const wait = `${fate.instance}/${fate.wait}`;
    if (waits.has(wait)) return `wait ${wait} is resolved twice`;
    waits.add(wait);
  }
  return undefined;
}

/** G2: an event goes to one wait, or, where it is for all, to each instance once. */
function takenTwice({ fates }: World, { shared }: Allowed): string | undefined {
  for (const [event, all] of Object.entries(fates)) {
    const takers = all.flatMap((fate) => (fate.kind === "received" ? [fate.instance] : []));
    if (!shared && takers.length > 1) return `event ${event} is taken twice`;
    if (new Set(takers).size < takers.length) return `event ${event} is taken twice by one instance`;
  }
  return undefined;
}

/** G2: when nothing is on the way, each event that has come has one fate: taken, kept for later, or put aside. */
function unsettled({ fates, instances, buckets, left }: World, { twoWays }: Allowed): string | undefined {
  const kept = keptEvents(instances, buckets);
  for (const event of eventsPublished(left)) {
    const all = fates[event] ?? [];
    const isTaken = all.some(({ kind }) => kind === "received");
    const places = kept.filter((id) => id === event).length;
    if (!isTaken && places === 0 && all.length === 0) return `event ${event} is gone without a trace`;
    if (isTaken && places > 0 && !twoWays) return `event ${event} is taken, and kept for later`;
    if (places > 1) return `event ${event} is kept for later in ${places} places`;
    if (isTaken && all.at(-1)?.kind === "dead") return `event ${event} is taken, and put aside after that`;
  }
  return undefined;
}

function keptEvents(instances: World["instances"], buckets: World["buckets"]): readonly string[] {
  const early = Object.values(instances).flatMap((state) => ("buffer" in state ? state.buffer : []));
  const held = Object.values(buckets).flatMap((bucket) => heldIn(bucket).filter(({ takers }) => takers.length === 0));
  return [...early.map(({ event }) => event.id), ...held.map(({ id }) => id)];
}

function eventsPublished(left: World["left"]): ReadonlySet<string> {
  const names = Object.keys(left).map((name) => ({ name, parts: name.split(" ") }));
  const published = names.filter(({ name, parts }) => parts[0] === "publish" && left[name] !== Number(parts[2]));
  return new Set(published.map(({ parts }) => parts[1] ?? ""));
}

/** When nothing is on the way, exactly the open waits of instances are registered, and none of them waits beside its event. */
function unregistered({ instances, buckets }: World): string | undefined {
  const open = new Set<string>();
  for (const [id, state] of Object.entries(instances)) {
    for (const { wait, events } of openWaits(state)) {
      for (const { key } of events) if (key !== undefined) open.add(`${key} ${id}/${wait}`);
    }
  }
  const registered = Object.entries(buckets).flatMap(([key, { waits }]) =>
    waits.map(({ instance, wait }) => `${key} ${instance}/${wait}`),
  );
  for (const wait of registered) if (!open.delete(wait)) return `wait ${wait} is registered, and not open`;
  for (const wait of open) return `wait ${wait} is open, and not registered`;
  for (const [key, bucket] of Object.entries(buckets)) {
    const free = heldIn(bucket).find(({ takers, shared }) =>
      bucket.waits.some(({ instance }) => !shared || !takers.some((taker) => taker.instance === instance)),
    );
    if (free !== undefined) return `event ${free.held.event.id} and a wait stand side by side at key ${key}`;
  }
  return undefined;
}
