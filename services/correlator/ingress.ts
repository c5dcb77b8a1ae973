import { setImmediate } from "node:timers/promises";
import { type Destination, route, type Subscriptions } from "@antiphon/correlation";
import { deriveId } from "@antiphon/host";
import {
  BATCH_BYTES_MAX,
  type Batch,
  beginningOf,
  type Fact,
  type LastRead,
  type Owned,
  PlaceLostError,
  recordBytes,
} from "@antiphon/log";
import { LazyCommit, type Ports, publishAll } from "@antiphon/processor";
import { type CloudEvent, DATA_BYTES_MAX, type DeadLetter, formatJson, type Json, topics } from "@antiphon/protocol";
import { eventsIn } from "./events-in.ts";
import { deadLetter, type Outgoing, tellLetters, undeliverable } from "./outgoing.ts";

/** How long events are routed before others go on, milliseconds; one that takes as long is told of. */
export const ROUTE_MS_MAX = 50;
/** The most bytes of an unreadable record that are kept to be looked at. */
export const REJECTED_BYTES_MAX = 100_000;

/** How long it takes until a topic is read again that could not be read. */
export const READ_RETRY_MS = 5_000;

/**
 * Reads one partition of a user's topic and sends each event on its way. Its position moves behind what was acknowledged,
 * so an event is sent at least once; where it arrives it is told from a repetition by its source and id. A topic that
 * cannot be read is named in the log and tried again: it is no matter of the others. One that was made anew or cut off is
 * named as well, and read on from what it holds.
 */
export async function takeEvents(
  ports: Pick<Ports, "log" | "clock" | "logger">,
  owned: Owned,
  subscriptions: () => Subscriptions,
): Promise<void> {
  const { clock, logger } = ports;
  const { topic, partition, committed, signal } = owned;
  await using position = new LazyCommit(owned, ports);
  let next = committed?.offset ?? 0;
  let last = committed && lastReadIn(committed.note);
  const sent = (batch: Batch): void => {
    next = batch.next;
    last = batch.records.at(-1) ?? last;
    position.set({ offset: next, note: last === undefined ? "" : noteOf(last) });
  };
  while (!signal.aborted) {
    try {
      await follow(ports, owned, { next, last }, subscriptions, sent);
      return;
    } catch (error) {
      if (error instanceof PlaceLostError) {
        const details = { err: error, topic, partition, offset: next, goesOnAt: error.next };
        logger.error(details, "a topic was made anew or cut off: events may be lost; going on with what it holds now");
        next = error.next;
        last = undefined;
        continue;
      }
      const details = { err: error, topic, partition, offset: next, retryMs: READ_RETRY_MS };
      logger.error(details, "a topic cannot be read; trying again while others go on");
      await clock.sleep(READ_RETRY_MS, signal);
    }
  }
}

/** What a committed position says of the record before it. */
function noteOf({ offset, timestampMs }: LastRead): string {
  return `${offset}@${timestampMs}`;
}

function lastReadIn(note: string): LastRead | undefined {
  const [, offset, timestampMs] = /^(\d{1,16})@(\d{1,16})$/.exec(note) ?? [];
  return offset === undefined ? undefined : { offset: Number(offset), timestampMs: Number(timestampMs) };
}

/** Sends on what comes from an offset on, and says up to where it was acknowledged. */
async function follow(
  ports: Pick<Ports, "log" | "clock" | "logger">,
  owned: Owned,
  { next, last }: { readonly next: number; readonly last: LastRead | undefined },
  subscriptions: () => Subscriptions,
  sent: (batch: Batch) => void,
): Promise<void> {
  const { log, clock, logger } = ports;
  const { topic, partition, signal } = owned;
  const putAside = (message: Outgoing, reason: string): Outgoing => {
    const letter = undeliverable(message, reason, clock.now());
    tellLetters(logger, [letter]);
    return letter;
  };
  for await (const batch of log.tail(topic, partition, next, { signal, ...(last && { after: last }) })) {
    const messages = await routed(ports, owned, batch, subscriptions());
    await publishAll(ports, messages, putAside, owned);
    if (signal.aborted) return;
    tellLetters(logger, messages);
    sent(batch);
  }
}

/**
 * What a batch sends on. Expressions of definitions say where an event goes, so some may take long: then others go on in
 * between, and the log says which event it was.
 */
async function routed(
  { clock, logger }: Pick<Ports, "clock" | "logger">,
  place: Place,
  { records }: Batch,
  subscriptions: Subscriptions,
): Promise<readonly Outgoing[]> {
  const messages: Outgoing[] = [];
  let restedMs = clock.now();
  for (const record of records) {
    const beganMs = clock.now();
    messages.push(...messagesOf(place, { records: [record] }, subscriptions, beganMs));
    const tookMs = clock.now() - beganMs;
    if (tookMs >= ROUTE_MS_MAX) {
      const details = { topic: place.topic, partition: place.partition, offset: record.offset, tookMs };
      logger.warn(details, "an event took long to be sent on: see the expressions by which workflows correlate it");
    }
    if (clock.now() - restedMs < ROUTE_MS_MAX) continue;
    await setImmediate();
    restedMs = clock.now();
  }
  return messages;
}

type Fate = Pick<DeadLetter, "reason" | "disposition" | "event" | "value" | "isCut" | "to">;
type Place = Pick<Owned, "topic" | "partition">;

/** What the records of a batch send to the machine's topics. */
export function messagesOf(
  { topic, partition }: Place,
  { records }: Pick<Batch, "records">,
  subscriptions: Subscriptions,
  nowMs: number,
): readonly Outgoing[] {
  const intake = subscriptions.byTopic.get(topic);
  return records.flatMap((record) => {
    let next = 0;
    /** Of a record that is several events, the index counts those that are put aside. */
    const letter = (what: Fate): Outgoing => {
      const from = { topic, partition, offset: record.offset, index: next++ };
      return deadLetter({ atMs: nowMs, ...what, from });
    };
    let events: readonly CloudEvent[];
    try {
      events = eventsIn(record, { topic, partition }, intake);
    } catch (error) {
      return [letter({ reason: (error as Error).message, disposition: "rejected", ...contentOf(topic, record) })];
    }
    const sizeBytes = recordBytes({ key: null, value: record.value });
    if (sizeBytes > DATA_BYTES_MAX) return events.map((event) => letter(tooLarge(event, sizeBytes, DATA_BYTES_MAX)));
    return events.flatMap((event) => {
      // A type that nobody takes from here may be somebody's all the same: it has come by another's topic.
      const consumers = intake?.types.has(event.type) ? intake : subscriptions;
      const from = { topic, partition, offset: record.offset, index: 0 };
      return route(event, consumers, { deriveId }).map((to) => messageTo(to, event, from, letter));
    });
  });
}

function messageTo(
  destination: Destination,
  event: CloudEvent,
  from: Outgoing["from"],
  letter: (what: Fate) => Outgoing,
): Outgoing {
  switch (destination.to) {
    case "commands":
      return fitting(message(topics.commands, destination.command.instance, destination.command, from), event, letter);
    case "correlation":
      return fitting(message(topics.correlation, destination.input.key, destination.input, from), event, letter);
    case "dead-letters":
      return letter({ reason: destination.reason, disposition: destination.disposition, event });
  }
}

/** A message that a record can hold. What is a text in the event may take more where it is one in an order's JSON. */
function fitting(message: Outgoing, event: CloudEvent, letter: (what: Fate) => Outgoing): Outgoing {
  const sizeBytes = recordBytes(message);
  return sizeBytes <= BATCH_BYTES_MAX ? message : letter(tooLarge(event, sizeBytes, BATCH_BYTES_MAX));
}

/** What is kept of an event that is too large: which one it was. */
function tooLarge(event: CloudEvent, foundBytes: number, limitBytes: number): Fate {
  const { data: _, data_base64: __, ...attributes } = event;
  const reason = `the event: expected at most ${limitBytes} bytes, found ${foundBytes}`;
  return { reason, disposition: "rejected", event: attributes as CloudEvent, isCut: true };
}

/** What is kept of a record that cannot be read. */
function contentOf(topic: string, { key, value, headers = {} }: Fact): Pick<DeadLetter, "value" | "isCut" | "to"> {
  const text = value ?? "";
  if (recordBytes({ key: null, value, headers }) > REJECTED_BYTES_MAX) {
    return { value: beginningOf(text, REJECTED_BYTES_MAX), isCut: true };
  }
  return { value: text, to: { topic, key, ...(Object.keys(headers).length > 0 && { headers }) } };
}

function message(topic: string, key: string, value: object, from: Outgoing["from"]): Outgoing {
  return { topic, key, value: formatJson(value as Json), from };
}
