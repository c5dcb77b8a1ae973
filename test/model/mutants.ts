import type { CorrelationEvent, InstanceEvent } from "@antiphon/protocol";
import { topics } from "@antiphon/protocol";
import { type Code, REAL } from "./world.ts";

/** The code with one thing wrong in it, which the exploration must find. */
export interface Mutant {
  readonly name: string;
  readonly code: Code;
}

export const MUTANTS: readonly Mutant[] = [
  mutant("an instance forgets which events it has taken", {
    evolveInstance: (...given) => {
      const after = REAL.evolveInstance(...given);
      return "seen" in after ? { ...after, seen: [] } : after;
    },
  }),
  mutant("an instance keeps no event that comes early", { decideInstance: withoutFacts("EventBuffered") }),
  mutant("an instance that ends says nothing of the events that it kept", {
    decideInstance: (...given) => {
      const facts = REAL.decideInstance(...given);
      return facts.some(({ type }) => type.startsWith("InstanceAborted") || type === "InstanceCompleted")
        ? facts.filter(({ type }) => type !== "EventIgnored")
        : facts;
    },
  }),
  mutant("an early event of an instance expires in silence", {
    decideInstance: (...given) =>
      REAL.decideInstance(...given).map((fact) =>
        fact.type === "EventIgnored" && fact.disposition === "expired" ? { ...fact, disposition: "duplicate" } : fact,
      ),
    evolveInstance: (state, event, atMs) =>
      event.type === "EventIgnored" && "buffer" in state
        ? REAL.evolveInstance(state, { ...event, disposition: "expired" }, atMs)
        : REAL.evolveInstance(state, event, atMs),
  }),
  mutant("a wait whose time is up is left open", { decideInstance: withoutFacts("WaitClosed") }),
  mutant("an instance takes a second event for a wait that is resolved", {
    decideInstance: (workflow, instance, input, env) => {
      const facts = REAL.decideInstance(workflow, instance, input, env);
      return facts.map((fact) => {
        if (fact.type !== "EventIgnored" || fact.found.by !== "key" || input.type !== "DeliverEvent") return fact;
        const { event, found } = fact;
        return { type: "EventReceived", wait: found.wait, event, found };
      });
    },
    evolveInstance: (state, event, atMs) =>
      event.type === "EventReceived" && state.status !== "active" ? state : REAL.evolveInstance(state, event, atMs),
  }),
  mutant("an event that an instance refuses is not told back to its key", {
    factMessages: withoutInput("RefuseEvent"),
  }),
  mutant("a wait that is closed is not told to its key", { factMessages: withoutInput("CloseWait") }),
  mutant("a wait whose match was a duplicate is not given back", { factMessages: withoutInput("ReturnWait") }),
  mutant("a receiver does not drop what a relay sends again", { hasSeen: () => false }),
  mutant("a key forgets which events it has matched", {
    evolveKey: (...given) => {
      const { waits, events } = REAL.evolveKey(...given);
      return { waits, events: events.filter(({ takers }) => takers.length === 0) };
    },
  }),
  mutant("a key holds no event that comes early", { decideKey: withoutKeyFacts("EventHeld") }),
  mutant("a match leaves its wait registered", {
    evolveKey: (bucket, event, atMs) => {
      const after = REAL.evolveKey(bucket, event, atMs);
      return event.type === "EventMatched" ? { ...after, waits: bucket.waits } : after;
    },
  }),
  mutant("a wait that opens does not look at what is held", {
    decideKey: (bucket, input, nowMs) =>
      REAL.decideKey(input.type === "OpenWait" ? { ...bucket, events: [] } : bucket, input, nowMs),
  }),
  mutant("an event that is refused is offered to nobody else", {
    decideKey: (bucket, input, nowMs) => (input.type === "RefuseEvent" ? [] : REAL.decideKey(bucket, input, nowMs)),
  }),
  mutant("an event that is refused is always offered to those behind, though it is known to be taken", {
    decideKey: (bucket, input, nowMs) =>
      input.type === "OfferEvent"
        ? REAL.decideKey({ ...bucket, events: bucket.events.filter(({ held }) => held !== undefined) }, input, nowMs)
        : REAL.decideKey(bucket, input, nowMs),
  }),
  mutant("an event for all that is refused when its time is over is not taken back while others have it", {
    decideKey: (bucket, input, nowMs) =>
      REAL.decideKey(bucket, input, nowMs).filter(
        (fact) => fact.type !== "EventHeld" || !fact.refused || fact.expiresMs > nowMs,
      ),
  }),
  mutant("an early event at a key expires in silence", {
    matchMessages: (...given) =>
      REAL.matchMessages(...given).filter(
        ({ topic, value }) => topic !== topics.deadLetters || !value?.includes("expired"),
      ),
  }),
];

function mutant(name: string, wrong: Partial<Code>): Mutant {
  return { name, code: { ...REAL, ...wrong } };
}

function withoutFacts(type: InstanceEvent["type"]): Code["decideInstance"] {
  return (...given) => REAL.decideInstance(...given).filter((fact) => fact.type !== type);
}

function withoutKeyFacts(type: CorrelationEvent["type"]): Code["decideKey"] {
  return (...given) => REAL.decideKey(...given).filter((fact) => fact.type !== type);
}

function withoutInput(type: string): Code["factMessages"] {
  return (...given) => REAL.factMessages(...given).filter(({ value }) => !value?.includes(`"type":"${type}"`));
}
