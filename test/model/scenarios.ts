import { type Scenario, scenario } from "./scenario.ts";

const byOrder = { correlation: [{ contextAttributeName: "order" }] };
const paid = { name: "paid", type: "paid", ...byOrder };
const shipped = { name: "shipped", type: "shipped", ...byOrder };
const approved = { name: "approved", type: "approved" };

function wait(name: string, event: string, transition?: string, timeout?: string): object {
  return {
    name,
    type: "callback",
    eventRef: event,
    ...(timeout !== undefined && { timeouts: { eventTimeout: timeout } }),
    ...(transition === undefined ? { end: true } : { transition }),
  };
}

/** So that an event state behind it does not start the workflow. */
const begin = { name: "a", type: "inject", data: {}, transition: "listen" };

const one = { id: "i1", order: "7" };
const two = { id: "i2", order: "7" };

const threeEvents = [
  { id: "e1", type: "paid", order: "7", copies: 2 },
  { id: "e2", type: "paid", order: "7" },
  { id: "e3", type: "paid", order: "7" },
];

/** The worlds that are explored: each is as small as what it shows. Those with the fewest states come first. */
export const SCENARIOS: readonly Scenario[] = [
  scenario("a service answers to the URL and to the topic with the same event", {
    events: [paid],
    states: [wait("a", "paid", "b"), wait("b", "paid")],
    instances: [one],
    publish: [
      { id: "e1", type: "paid", order: "7" },
      { id: "e2", type: "paid", order: "7" },
    ],
    answer: [{ id: "e1", type: "paid", instance: "i1", wait: "1.event" }],
    repeats: 1,
  }),
  scenario("an event by the instance's id meets a wait that another one has by its key", {
    events: [paid],
    states: [wait("a", "paid", "b"), wait("b", "paid")],
    instances: [one],
    publish: [
      { id: "e1", type: "paid", order: "7", copies: 2 },
      { id: "e2", type: "paid", order: "7", kogitoprocrefid: "i1", copies: 2 },
    ],
    repeats: 1,
  }),
  scenario("two instances wait on one key, two events come, one of them twice", {
    events: [paid],
    states: [wait("a", "paid")],
    instances: [one, two],
    publish: [
      { id: "e1", type: "paid", order: "7", copies: 2 },
      { id: "e2", type: "paid", order: "7" },
    ],
    repeats: 1,
  }),
  scenario("events come by the instance's id: early, twice, and two for two waits", {
    events: [approved],
    states: [wait("a", "approved", "b"), wait("b", "approved")],
    instances: [one],
    publish: [
      { id: "e1", type: "approved", kogitoprocrefid: "i1", copies: 2 },
      { id: "e2", type: "approved", kogitoprocrefid: "i1", copies: 2 },
      { id: "e3", type: "approved", kogitoprocrefid: "i1" },
    ],
    abort: "i1",
  }),
  scenario("a wait for one of two events stands under two keys, and both come", {
    events: [paid, shipped],
    states: [
      begin,
      {
        name: "listen",
        type: "event",
        onEvents: [{ eventRefs: ["paid"] }, { eventRefs: ["shipped"] }],
        transition: "b",
      },
      wait("b", "paid", undefined, "PT1M"),
    ],
    instances: [one],
    publish: [
      { id: "e1", type: "paid", order: "7", copies: 2 },
      { id: "e2", type: "shipped", order: "7" },
    ],
    repeats: 1,
  }),
  scenario("events that nobody takes expire, at the key and at the instance", {
    events: [
      { ...paid, metadata: { bufferFor: "PT1M" } },
      { ...approved, metadata: { bufferFor: "PT1M" } },
    ],
    states: [wait("a", "paid", "b", "PT30S"), wait("b", "approved", undefined, "PT5M")],
    instances: [one],
    publish: [
      { id: "e1", type: "paid", order: "7", copies: 2 },
      { id: "e2", type: "approved", kogitoprocrefid: "i1", copies: 2 },
    ],
    repeats: 1,
  }),
  scenario("both of two events are needed, in time", {
    events: [paid, shipped],
    states: [
      begin,
      {
        name: "listen",
        type: "event",
        exclusive: false,
        onEvents: [{ eventRefs: ["paid", "shipped"] }],
        timeouts: { eventTimeout: "PT1M" },
        end: true,
      },
    ],
    instances: [one],
    publish: [
      { id: "e1", type: "paid", order: "7", copies: 2 },
      { id: "e2", type: "shipped", order: "7" },
    ],
    repeats: 1,
  }),
  scenario("an event is for all that wait, early or late", {
    events: [{ ...paid, metadata: { cardinality: "all" } }],
    states: [wait("a", "paid", undefined, "PT1M")],
    instances: [one, two],
    publish: [{ id: "e1", type: "paid", order: "7", copies: 2 }],
    abort: "i1",
  }),
  scenario("an event is for all that wait, and is held for a time in which they may refuse it", {
    events: [{ ...paid, metadata: { cardinality: "all", bufferFor: "PT30S" } }],
    states: [wait("a", "paid", undefined, "PT20S")],
    instances: [one, two],
    publish: [{ id: "e1", type: "paid", order: "7" }],
    abort: "i1",
  }),
  scenario("branches begin in slices, their answers come in between, and so may an abort", {
    events: [paid, { name: "asked", type: "asked", kind: "produced" }],
    states: [
      {
        name: "a",
        type: "parallel",
        branches: ["one", "two"].map((name) => ({
          name,
          actions: [{ eventRef: { triggerEventRef: "asked", resultEventRef: "paid" } }],
        })),
        end: true,
      },
    ],
    instances: [one],
    publish: [
      { id: "e1", type: "paid", order: "7", copies: 2 },
      { id: "e2", type: "paid", order: "7" },
    ],
    abort: "i1",
  }),
  scenario("on one key there may be one wait only", {
    events: [{ ...paid, metadata: { cardinality: "reject" } }],
    states: [wait("a", "paid", undefined, "PT1M")],
    instances: [one, two],
    publish: [{ id: "e1", type: "paid", order: "7", copies: 2 }],
    repeats: 1,
  }),
  scenario("an event for one of two instances comes when the first has gone", {
    events: [paid],
    states: [wait("a", "paid", undefined, "PT1M")],
    instances: [one, two],
    publish: [{ id: "e1", type: "paid", order: "7", copies: 2 }],
    abort: "i1",
    repeats: 1,
  }),
  scenario("two instances wait twice each on one key, three events come for four waits, and one instance is aborted", {
    events: [paid],
    states: [wait("a", "paid", "b"), wait("b", "paid")],
    instances: [one, two],
    publish: threeEvents,
    abort: "i1",
  }),
  scenario("two instances wait twice each on one key, three events come for four waits, and a relay begins again", {
    events: [paid],
    states: [wait("a", "paid", "b"), wait("b", "paid")],
    instances: [one, two],
    publish: threeEvents,
    repeats: 1,
  }),
  scenario("one instance waits twice on one key, one after the other, and its time runs out", {
    events: [paid],
    states: [wait("a", "paid", "b", "PT1M"), wait("b", "paid", undefined, "PT2M")],
    instances: [one],
    publish: [
      { id: "e1", type: "paid", order: "7", copies: 2 },
      { id: "e2", type: "paid", order: "7", copies: 2 },
    ],
    repeats: 1,
  }),
];

/** Worlds that take minutes: `npm run explore` goes through them, the tests do not. */
export const LARGE_SCENARIOS: readonly Scenario[] = [
  scenario("events name one instance and the key of another, and one instance is aborted", {
    events: [paid],
    states: [wait("a", "paid", "b"), wait("b", "paid")],
    instances: [one, { id: "i2", order: "8" }],
    publish: [
      { id: "e1", type: "paid", order: "7", copies: 2 },
      { id: "e2", type: "paid", order: "8", kogitoprocrefid: "i1", copies: 2 },
      { id: "e3", type: "paid", order: "8" },
    ],
    abort: "i1",
    repeats: 1,
  }),
  scenario("three events come for two instances, in time or not, and one instance is aborted", {
    events: [paid],
    states: [wait("a", "paid", undefined, "PT1M")],
    instances: [one, two],
    publish: threeEvents.map(({ copies: _, ...event }) => event),
    abort: "i1",
  }),
  scenario("three events come for two instances that wait twice, and the first wait of each has its time", {
    events: [paid],
    states: [wait("a", "paid", "b", "PT1M"), wait("b", "paid")],
    instances: [one, two],
    publish: threeEvents.map(({ copies: _, ...event }) => event),
  }),
];
