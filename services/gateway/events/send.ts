import { type Destination, type Intake, route } from "@antiphon/correlation";
import { deadLetterMessage, deriveId } from "@antiphon/host";
import { type Message, partitionOf } from "@antiphon/log";
import { type CloudEvent, formatJson, type Json, type ReplyTo, topics } from "@antiphon/protocol";
import type { Gateway } from "../gateway.ts";
import type { Expected, Outcome } from "../requests.ts";
import { commandMessage } from "../workflows/command.ts";

/** An event on its way: the outcomes that tell of it, or why it is for nobody. */
export type Sent =
  | { readonly event: CloudEvent; readonly outcomes: readonly Promise<Outcome>[] }
  | {
      readonly event: CloudEvent;
      readonly unused: { readonly disposition: "unmatched" | "rejected"; readonly reason: string };
    };

/**
 * Publishes events to wherever they go. With `wants` a reply, who decides on each tells of it. An event that came by a
 * channel is for those who take its type from there; if nobody does, for whoever consumes it.
 */
export async function send(
  gateway: Gateway,
  events: readonly CloudEvent[],
  wants: "a reply" | "no reply",
  channel?: Intake,
): Promise<readonly Sent[]> {
  const messages: Message[] = [];
  const expected: Expected[] = [];
  try {
    const sent = events.map((event): Sent => {
      const outcomes: Promise<Outcome>[] = [];
      let unused: Extract<Destination, { to: "dead-letters" }> | undefined;
      const consumers = channel?.types.has(event.type) ? channel : gateway.catalog.subscriptions;
      for (const destination of route(event, consumers, { deriveId })) {
        const one = wants === "a reply" && destination.to !== "dead-letters" ? gateway.requests.expect() : undefined;
        if (one !== undefined) {
          expected.push(one);
          outcomes.push(one.outcome);
        }
        if (destination.to === "dead-letters") unused = destination;
        messages.push(messageTo(destination, event, one?.to, gateway.ports));
      }
      return unused === undefined ? { event, outcomes } : { event, unused };
    });
    await gateway.ports.log.publish(messages);
    return sent;
  } catch (error) {
    for (const one of expected) gateway.requests.forget(one);
    throw error;
  }
}

function messageTo(
  destination: Destination,
  event: CloudEvent,
  to: ReplyTo | undefined,
  { partitions, clock }: Gateway["ports"],
): Message {
  const reply = to === undefined ? {} : { reply: to };
  switch (destination.to) {
    case "commands":
      return commandMessage({ ...destination.command, ...reply }, partitions);
    case "correlation": {
      const { key } = destination.input;
      const value = formatJson({ ...destination.input, ...reply } as unknown as Json);
      return { topic: topics.correlation, key, value, partition: partitionOf(key, partitions) };
    }
    case "dead-letters": {
      const { reason, disposition } = destination;
      const letter = deadLetterMessage({ atMs: clock.now(), reason, disposition, event, from: OUTSIDE });
      return { ...letter, partition: partitionOf(letter.key, partitions) };
    }
  }
}

/** Where an event is from that came by HTTP: no place in any log. */
const OUTSIDE = { topic: "http", partition: 0, offset: 0, index: 0 };
