import { type CloudEvent, type DeadLetter, parseJson, readCloudEvent, type Stamp, topics } from "@antiphon/protocol";
import type { Store } from "@antiphon/store";
import { dispositionOf, eventKey, type LedgerRow, readRow, viewedTopics, viewSpace } from "@antiphon/views";
import type { Broker } from "../broker.ts";
import { eventName, type Tally } from "../tally.ts";
import { factsIn, type Logs } from "./partition-facts.ts";

/** Events that workflows send to workflows. */
const isInternal = (type: string): boolean => type.startsWith("link.");

/** Types that may go to several instances. */
const SHARED = new Set(["announced.opened"]);

/** Somebody has taken an event, and where the log says so: for one that was matched by a key, where that was decided. */
interface Taker {
  readonly as: "resolved" | "started";
  readonly instance: string;
  readonly place: Pick<Stamp, "topic" | "partition" | "offset">;
}

/** What the logs say of the events that came: who has taken each, and as what it was put aside. */
interface Fates {
  readonly takers: ReadonlyMap<string, readonly Taker[]>;
  readonly letters: ReadonlyMap<string, readonly DeadLetter[]>;
}

/** All events that came, by their names: those that were sent from outside, and those that workflows sent to workflows. */
export function receivedIn(broker: Broker, tally: Tally): ReadonlyMap<string, CloudEvent> {
  const received = new Map([...tally.events.values()].map(({ event }) => [eventName(event), event]));
  for (const event of onTopics(broker, isInternal)) received.set(eventName(event), event);
  return received;
}

/** Every event that came has one disposition, and the ledger says which. */
export async function eventProblems(
  broker: Broker,
  store: Store,
  logs: Logs,
  received: ReadonlyMap<string, CloudEvent>,
): Promise<readonly string[]> {
  const fates = fatesIn(broker, logs);
  const problems: string[] = [];
  const sums = new Map<string, number>();
  for (const [name, event] of received) {
    const wanted = fateOf(name, event, fates, problems);
    const row = dispositionOf(await rowsOf(broker, store, event));
    if (row?.disposition !== wanted)
      problems.push(`the ledger says that event ${name} is ${row?.disposition}, expected ${wanted}`);
    if (row !== undefined) sums.set(row.disposition, (sums.get(row.disposition) ?? 0) + 1);
  }
  const sum = [...sums.values()].reduce((all, one) => all + one, 0);
  if (sum !== received.size) problems.push(`${received.size} events were received, and ${sum} have a disposition`);
  for (const name of fates.takers.keys())
    if (!received.has(name)) problems.push(`event ${name} was taken, and never sent`);
  return problems;
}

function fateOf(name: string, event: CloudEvent, { takers, letters }: Fates, problems: string[]): string | undefined {
  const all = takers.get(name) ?? [];
  const put = letters.get(name) ?? [];
  const who = all.map(
    ({ as, instance, place }) => `${instance} (${as} at ${place.topic}/${place.partition}/${place.offset})`,
  );
  if (all.length > 1 && !SHARED.has(event.type)) problems.push(`event ${name} was taken by ${who.join(" and ")}`);
  if (new Set(all.map(({ instance }) => instance)).size < all.length) {
    problems.push(`event ${name} was taken twice by one instance: ${who.join(", ")}`);
  }
  if (all.length === 0 && put.length === 0) problems.push(`event ${name} is gone without a trace`);
  const [first] = all;
  if (first !== undefined) {
    for (const letter of put) {
      if (all.every(({ place }) => hasExpiredBefore(letter, place))) continue;
      problems.push(
        `event ${name} was taken by ${who.join(", ")}, and put aside as ${letter.disposition}: ${letter.reason}`,
      );
    }
    return first.as;
  }
  const dispositions = [...new Set(put.map(({ disposition }) => disposition))];
  if (dispositions.length > 1) problems.push(`event ${name} was put aside as ${dispositions.join(" and ")}`);
  return dispositions[0];
}

/**
 * An event that has expired is forgotten. If it is sent once more after that, it has another chance: it may be taken
 * then, and the letter that was written before is of its first life.
 */
function hasExpiredBefore({ disposition, from }: DeadLetter, { topic, partition, offset }: Taker["place"]): boolean {
  return disposition === "expired" && from.topic === topic && from.partition === partition && from.offset < offset;
}

function fatesIn(broker: Broker, { history }: Logs): Fates {
  const takers = new Map<string, Taker[]>();
  const take = (event: Pick<CloudEvent, "source" | "id">, taker: Taker): void => {
    takers.set(eventName(event), [...(takers.get(eventName(event)) ?? []), taker]);
  };
  for (const { partition, facts } of history) {
    for (const { key, offset, decision } of facts) {
      const here = { topic: topics.history, partition, offset };
      const instance = key ?? "";
      for (const event of decision.events) {
        if (event.type === "InstanceStarted" && event.startedBy !== undefined) {
          take(event.startedBy, { as: "started", instance, place: here });
        }
        if (event.type !== "EventReceived") continue;
        const place = event.found.by === "key" ? (decision.from ?? here) : here;
        take(event.event, { as: "resolved", instance, place });
      }
    }
  }
  const letters = new Map<string, DeadLetter[]>();
  for (let partition = 0; partition < (broker.partitions(topics.deadLetters) ?? 0); partition++) {
    for (const { value } of factsIn(broker, topics.deadLetters, partition)) {
      const letter = parseJson(value ?? "null") as unknown as DeadLetter;
      if (letter.event === undefined) continue;
      letters.set(eventName(letter.event), [...(letters.get(eventName(letter.event)) ?? []), letter]);
    }
  }
  return { takers, letters };
}

/** Events that the machine itself has produced for others of its workflows. */
function onTopics(broker: Broker, isInternal: (type: string) => boolean): readonly CloudEvent[] {
  return broker.topics
    .filter(isInternal)
    .flatMap((topic) =>
      Array.from({ length: broker.partitions(topic) ?? 0 }, (_, partition) =>
        factsIn(broker, topic, partition),
      ).flatMap((facts) => facts.map(({ value }) => readCloudEvent(parseJson(value ?? "null")))),
    );
}

async function rowsOf(broker: Broker, store: Store, event: CloudEvent): Promise<readonly LedgerRow[]> {
  const spaces = viewedTopics.flatMap((topic) =>
    Array.from({ length: broker.partitions(topic) ?? 0 }, (_, partition) => viewSpace(topic, partition)),
  );
  const loaded = await Promise.all(spaces.map((space) => store.load(space, [eventKey(event)])));
  return loaded.flatMap(({ values }) => readRow<LedgerRow>(values[0]) ?? []);
}
