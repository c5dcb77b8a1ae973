import assert from "node:assert/strict";
import { type Definition, formatProblems, readDefinition } from "@antiphon/definition";
import type { CloudEvent } from "@antiphon/protocol";
import { type Destination, type Subscriptions, subscribe } from "../../index.ts";

/** Ids that show what they are made from. */
export const ids = { deriveId: (text: string) => `id of ${text}` };

/** A workflow that is started by HTTP and waits for one event, as its document says it. */
export function waitingFor(id: string, awaited: object, properties = "", more: object = {}): Definition {
  const begin = { name: "Begin", type: "inject", data: {}, transition: "Wait" };
  const wait = { name: "Wait", type: "event", onEvents: [{ eventRefs: ["awaited"], actions: [] }], end: true };
  const events = [{ name: "awaited", ...awaited }];
  return definitionOf({ id, start: "Begin", events, states: [begin, wait], ...more }, properties);
}

/** A workflow that an event starts, and then ends, or goes on to further states. */
export function startedBy(
  id: string,
  by: object,
  properties = "",
  next: object = { end: true },
  ...others: readonly object[]
): Definition {
  const begin = { name: "Begin", type: "event", onEvents: [{ eventRefs: ["by"], actions: [] }], ...next };
  return definitionOf({ id, start: "Begin", events: [{ name: "by", ...by }], states: [begin, ...others] }, properties);
}

export function deployed(...definitions: readonly Definition[]): Subscriptions {
  return subscribe(definitions.map((definition, i) => ({ hash: `hash ${i}`, definition, current: true })));
}

export function event(type: string, more: object = {}): CloudEvent {
  return { specversion: "1.0", id: "e1", source: "/shop", type, ...more };
}

/** The keys that an event is offered under. */
export function keysIn(destinations: readonly Destination[]): readonly string[] {
  return destinations.flatMap((one) => (one.to === "correlation" ? [one.input.key] : []));
}

/** The reason of the one dead letter. */
export function reasonIn(destinations: readonly Destination[]): string {
  const [first, ...others] = destinations;
  assert.deepEqual(others, []);
  return first?.to === "dead-letters" ? first.reason : assert.fail(`expected a dead letter, found ${first?.to}`);
}

function definitionOf(workflow: object, properties: string): Definition {
  const files = { "w.sw.json": JSON.stringify(workflow), "application.properties": properties };
  const { definition, problems } = readDefinition({ path: "w.sw.json", files }, {});
  return definition ?? assert.fail(formatProblems(problems));
}
