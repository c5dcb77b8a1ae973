import { type Destination, decide, evolve } from "@antiphon/correlation";
import type {
  CloudEvent,
  Command,
  CorrelationEvent,
  CorrelationInput,
  Disposition,
  InstanceEvent,
} from "@antiphon/protocol";
import type { Gateway } from "../../gateway.ts";
import { iso } from "../../queries/parameters.ts";
import { decideInstance } from "./decide-instance.ts";
import type { HeldStates } from "./held-states.ts";

/** How often an event is followed to a further wait after one that would refuse it. */
export const REFUSALS_MAX = 10;

/** What would follow from an event in one place, decided and not written. */
export interface Way {
  readonly to: "instance" | "key" | "start" | "dead-letters";
  readonly disposition: Disposition;
  readonly reason?: string;
  readonly instance?: string;
  readonly wait?: string;
  /** Until when it would be kept. */
  readonly until?: string;
  /** Decisions in their order, each with the instance or the correlation key that makes it. */
  readonly decisions: readonly Decided[];
}

export type Decided =
  | { readonly instance: string; readonly facts: readonly InstanceEvent[] }
  | { readonly key: string; readonly facts: readonly CorrelationEvent[] };

type Fate = Pick<Way, "disposition" | "reason" | "instance" | "wait" | "until">;

interface World {
  readonly gateway: Pick<Gateway, "ports" | "schemas">;
  readonly held: HeldStates;
  readonly nowMs: number;
}

/** Follows an event to one of the places where it would go, by the code that decides there. */
export async function followWay(world: World, event: CloudEvent, destination: Destination): Promise<Way> {
  switch (destination.to) {
    case "dead-letters": {
      const { disposition, reason } = destination;
      return { to: "dead-letters", disposition, reason, decisions: [] };
    }
    case "commands": {
      const { command } = destination;
      const { decided, fate } = await tell(world, command);
      return { to: command.type === "StartInstance" ? "start" : "instance", ...fate, decisions: [decided] };
    }
    case "correlation":
      return await offer(world, event, destination.input);
  }
}

async function tell({ gateway, held, nowMs }: World, command: Command) {
  const { instance } = command;
  try {
    const facts = await decideInstance(gateway, await held.instance(instance), command, nowMs);
    return { decided: { instance, facts }, fate: fateAt(instance, facts) };
  } catch (error) {
    const fate: Fate = { disposition: "rejected", reason: (error as Error).message, instance };
    return { decided: { instance, facts: [] }, fate };
  }
}

/** A match is carried to its instance; one that refuses it gives it back, as long as `REFUSALS_MAX` allows. */
async function offer(world: World, event: CloudEvent, first: CorrelationInput): Promise<Way> {
  const { key } = first;
  const decisions: Decided[] = [];
  let bucket = await world.held.bucket(key);
  let input = first;
  for (let refusals = 0; refusals <= REFUSALS_MAX; refusals++) {
    const facts = decide(bucket, input, world.nowMs);
    decisions.push({ key, facts });
    const matches = facts.filter((fact) => fact.type === "EventMatched");
    const fates: Fate[] = [];
    for (const { wait: to } of matches) {
      const found = { by: "key", wait: to.wait, key } as const;
      const { decided, fate } = await tell(world, { type: "DeliverEvent", instance: to.instance, event, found });
      decisions.push(decided);
      fates.push(fate);
    }
    const taken = fates.find(({ disposition }) => disposition === "resolved");
    if (taken !== undefined) return { to: "key", ...taken, decisions };
    const [match] = matches;
    const [refused] = fates;
    if (match === undefined || refused === undefined) return { to: "key", ...fateAtKey(facts), decisions };
    if (refused.disposition === "duplicate") return { to: "key", ...refused, decisions };
    bucket = facts.reduce((state, fact) => evolve(state, fact, world.nowMs), bucket);
    input = { type: "RefuseEvent", key, ...match.wait, event };
  }
  const reason = `${REFUSALS_MAX + 1} waits would refuse it, and what follows then was not looked at`;
  return { to: "key", disposition: "buffered", reason, decisions };
}

/** What an instance's facts say became of the event that it was given. */
function fateAt(instance: string, facts: readonly InstanceEvent[]): Fate {
  for (const fact of facts) {
    switch (fact.type) {
      case "InstanceStarted":
        return { disposition: "started", instance };
      case "EventReceived":
        return { disposition: "resolved", instance, wait: fact.wait };
      case "EventBuffered":
        return { disposition: "buffered", instance, until: iso(Number(fact.expiresMs)) };
      case "EventIgnored":
        return { disposition: fact.disposition, reason: fact.reason, instance };
      default:
    }
  }
  return { disposition: "unmatched", reason: "nothing follows from it there", instance };
}

function fateAtKey(facts: readonly CorrelationEvent[]): Fate {
  for (const fact of facts) {
    if (fact.type === "EventHeld") return { disposition: "buffered", until: iso(Number(fact.expiresMs)) };
    if (fact.type === "EventDropped") return { disposition: fact.disposition, reason: fact.reason };
  }
  return { disposition: "buffered" };
}
