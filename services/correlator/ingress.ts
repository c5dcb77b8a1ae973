import { type Destination, route, type Subscriptions } from "@antiphon/correlation";
import { deadLetterMessage, deriveId } from "@antiphon/host";
import { type Batch, type Fact, LogUnavailableError, type Message, type Owned } from "@antiphon/log";
import { LazyCommit, type Ports } from "@antiphon/processor";
import { type CloudEvent, type DeadLetter, formatJson, type Json, topics } from "@antiphon/protocol";
import { eventsIn } from "./events-in.ts";

/** How long the ingress rests before it sends again what it could not send. */
const RETRY_MS = 500;
/** The most characters of an unreadable record that are kept for whoever looks at it. */
const REJECTED_CHARS_MAX = 100_000;

/**
 * Reads one partition of a user's topic and sends each event on its way. Its position moves behind what was acknowledged,
 * so an event is sent at least once; where it arrives it is told from a repetition by its source and id.
 */
export async function takeEvents(
  ports: Pick<Ports, "log" | "clock" | "logger">,
  owned: Owned,
  subscriptions: () => Subscriptions,
): Promise<void> {
  const { log } = ports;
  const { topic, partition, committed, signal } = owned;
  await using position = new LazyCommit(owned, ports);
  for await (const batch of log.tail(topic, partition, committed?.offset ?? 0, { signal })) {
    await send(ports, owned, messagesOf(owned, batch, subscriptions(), ports.clock.now()));
    if (signal.aborted) return;
    position.set({ offset: batch.next, note: "" });
  }
}

async function send(
  { log, clock, logger }: Pick<Ports, "log" | "clock" | "logger">,
  { topic, partition, signal }: Owned,
  messages: readonly Message[],
): Promise<void> {
  while (messages.length > 0 && !signal.aborted) {
    try {
      return await log.publish(messages);
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error;
      logger.warn({ err: error, topic, partition, retryMs: RETRY_MS }, "events could not be sent on; trying again");
      await clock.sleep(RETRY_MS, signal);
    }
  }
}

type Fate = Pick<DeadLetter, "reason" | "disposition" | "event" | "value" | "isCut" | "to">;
type Place = Pick<Owned, "topic" | "partition">;

/** What the records of a batch send to the machine's topics. */
export function messagesOf(
  place: Place,
  { records }: Pick<Batch, "records">,
  subscriptions: Subscriptions,
  nowMs: number,
): readonly Message[] {
  const intake = subscriptions.byTopic.get(place.topic);
  return records.flatMap((record) => {
    let next = 0;
    const letter = (what: Fate): Message => deadLetter(place, record, nowMs, next++, what);
    let events: readonly CloudEvent[];
    try {
      events = eventsIn(record, place, intake);
    } catch (error) {
      return [letter({ reason: (error as Error).message, disposition: "rejected", ...contentOf(place, record) })];
    }
    return events.flatMap((event) => {
      // A type that nobody takes from here may be somebody's all the same: it has come by another's topic.
      const consumers = intake?.types.has(event.type) ? intake : subscriptions;
      return route(event, consumers, { deriveId }).map((to) => messageTo(to, event, letter));
    });
  });
}

function messageTo(destination: Destination, event: CloudEvent, letter: (what: Fate) => Message): Message {
  switch (destination.to) {
    case "commands":
      return message(topics.commands, destination.command.instance, destination.command);
    case "correlation":
      return message(topics.correlation, destination.input.key, destination.input);
    case "dead-letters":
      return letter({ reason: destination.reason, disposition: destination.disposition, event });
  }
}

/** What is kept of a record that cannot be read. */
function contentOf({ topic }: Place, { key, value, headers = {} }: Fact): Pick<DeadLetter, "value" | "isCut" | "to"> {
  const text = value ?? "";
  const length = Object.entries(headers).reduce((sum, [name, found]) => sum + name.length + found.length, text.length);
  if (length > REJECTED_CHARS_MAX) return { value: text.slice(0, REJECTED_CHARS_MAX), isCut: true };
  return { value: text, to: { topic, key, ...(Object.keys(headers).length > 0 && { headers }) } };
}

/** Of a record that is several events, `index` counts those that are put aside. */
function deadLetter({ topic, partition }: Place, { offset }: Fact, atMs: number, index: number, what: Fate): Message {
  return deadLetterMessage({ atMs, ...what, from: { topic, partition, offset, index } });
}

function message(topic: string, key: string, value: object): Message {
  return { topic, key, value: formatJson(value as Json) };
}
