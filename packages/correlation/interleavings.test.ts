import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cardinality, CloudEvent, CorrelationEvent, CorrelationInput, KeyedWait } from "@antiphon/protocol";
import { type Bucket, decide, dueMs, emptyBucket, evolve } from "./index.ts";

// Every order in which a key's inputs can come, explored to the end. What a relay keeps in order stays in order: a wait is
// closed after it is opened, and an event is refused after it was matched. Everything else happens whenever it likes.

const BUFFER_MS = 1_000;
const SHARED_MAX = 3;

interface World {
  readonly bucket: Bucket;
  readonly facts: readonly CorrelationEvent[];
  /** Matches that the instance has not answered to yet. */
  readonly underway: readonly Match[];
  /** Waits that were opened and are neither closed nor matched. */
  readonly open: readonly string[];
  readonly offered: readonly string[];
}

interface Match {
  readonly wait: KeyedWait;
  readonly event: CloudEvent;
}

const start: World = { bucket: emptyBucket, facts: [], underway: [], open: [], offered: [] };

function event(id: string): CloudEvent {
  return { specversion: "1.0", id, source: "/s", type: "t" };
}

function wait(instance: string): KeyedWait {
  return { instance, wait: "1" };
}

function nameOf({ instance }: KeyedWait): string {
  return instance;
}

function inputs(cardinality: Cardinality): readonly CorrelationInput[] {
  const open = (instance: string) => ({ key: "k", type: "OpenWait", wait: wait(instance), cardinality }) as const;
  const offer = (id: string) =>
    ({ key: "k", type: "OfferEvent", event: event(id), cardinality, bufferMs: BUFFER_MS }) as const;
  return [
    open("a"),
    { key: "k", type: "CloseWait", ...wait("a") },
    open("b"),
    open("b"),
    offer("e"),
    offer("e"),
    offer("f"),
  ];
}

function step(world: World, input: CorrelationInput): World {
  const facts = decide(world.bucket, input, 0);
  const bucket = facts.reduce((state, fact) => evolve(state, fact, 0), world.bucket);
  const refused = input.type === "RefuseEvent" ? input : undefined;
  if (input.type === "OfferEvent" || refused)
    assert.notEqual(facts.length, 0, "an event must not vanish without a fact");
  const matches = facts.filter((fact) => fact.type === "EventMatched");
  const gone = new Set([
    ...matches.map((match) => nameOf(match.wait)),
    ...(input.type === "CloseWait" ? [nameOf(input)] : []),
  ]);
  const registered = facts.flatMap((fact) => (fact.type === "WaitRegistered" ? [nameOf(fact.wait)] : []));
  return {
    bucket,
    facts: [...world.facts, ...facts],
    underway: [
      ...world.underway.filter(
        ({ wait, event }) => !(refused?.instance === wait.instance && refused.event.id === event.id),
      ),
      ...matches,
    ],
    open: [...world.open, ...registered].filter((name) => !gone.has(name)),
    offered: input.type === "OfferEvent" ? [...new Set([...world.offered, input.event.id])] : world.offered,
  };
}

function check(world: World, cardinality: Cardinality): void {
  const { bucket, facts, underway, open, offered } = world;
  assert.deepEqual(
    facts.reduce((state, fact) => evolve(state, fact, 0), emptyBucket),
    bucket,
  );
  assert.deepEqual(JSON.parse(JSON.stringify(bucket)), bucket);
  assert.deepEqual(bucket.waits.map(nameOf), open);
  const held = bucket.events.flatMap(({ held }) => (held ? [held.event.id] : []));
  const taken = underway.map(({ event }) => event.id);
  if (cardinality === "one") {
    assert.equal(held.length === 0 || open.length === 0, true, "a held event and an open wait must have met");
    assert.deepEqual([...held, ...taken].sort(), [...offered].sort(), "an event is in one place, and in one only");
  } else {
    assert.deepEqual([...new Set([...held, ...taken])].sort(), [...offered].sort(), "an event is somewhere");
  }
  const waits = underway.map(({ wait }) => nameOf(wait));
  assert.equal(new Set(waits).size, waits.length, "a wait is given one event at a time");
}

/** Goes through all orders of what is left, and lets every match underway be refused at every moment. */
function explore(world: World, left: readonly CorrelationInput[], cardinality: Cardinality, refusals: number): number {
  check(world, cardinality);
  let ends = left.length === 0 ? 1 : 0;
  if (left.length === 0) checkEnd(world);
  for (const input of left.filter((one, at) => mayCome(one, left.slice(0, at)))) {
    ends += explore(step(world, input), left.toSpliced(left.indexOf(input), 1), cardinality, refusals);
  }
  if (refusals === 0) return ends;
  for (const { wait, event } of world.underway) {
    ends += explore(step(world, { key: "k", type: "RefuseEvent", ...wait, event }), left, cardinality, refusals - 1);
  }
  return ends;
}

/** Two that are alike need one order only, and a wait is opened before it is closed. */
function mayCome(input: CorrelationInput, before: readonly CorrelationInput[]): boolean {
  if (input.type === "CloseWait") return !before.some((one) => one.type === "OpenWait" && one.wait.instance === "a");
  return !before.some((one) => JSON.stringify(one) === JSON.stringify(input));
}

/** When all time is over, nothing is left that would be lost: what was held is dropped by a fact, once. */
function checkEnd({ bucket, underway }: World): void {
  let state = bucket;
  const expired: string[] = [];
  const farMs = 10 * 3_600_000;
  for (let round = 0; dueMs(state) !== undefined; round++) {
    if (round > SHARED_MAX + 4) assert.fail("expected the bucket to come to rest");
    for (const fact of decide(state, { type: "ReachTime" }, farMs)) {
      if (fact.type === "EventDropped") expired.push(fact.event.id);
      state = evolve(state, fact, farMs);
    }
  }
  assert.deepEqual(state.events, []);
  assert.equal(new Set(expired).size, expired.length);
  const taken = new Set(underway.map(({ event }) => event.id));
  const unclaimed = bucket.events.filter(({ held, id, takers }) => held && takers.length === 0 && !taken.has(id));
  assert.deepEqual(expired.sort(), unclaimed.map(({ id }) => id).sort());
}

for (const [cardinality, refusals] of [
  ["one", 2],
  ["all", 1],
] as const) {
  test(`in every order of waits, events, repetitions and refusals no event is lost or given away twice (${cardinality})`, () => {
    const ends = explore(start, inputs(cardinality), cardinality, refusals);
    assert.equal(ends > 1_000, true, `expected thousands of orders, found ${ends}`);
  });
}
