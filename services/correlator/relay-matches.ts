import type { Message, Owned } from "@antiphon/log";
import { type DecidedFact, LazyCommit, type Ports, relayPartition } from "@antiphon/processor";
import {
  type Command,
  type CorrelationEvent,
  type DeadLetter,
  formatJson,
  type Json,
  type Stamp,
  topics,
} from "@antiphon/protocol";

/** Carries what a partition of `antiphon.correlations` decided to the instances, and what it dropped to the dead letters. */
export async function relayMatches(ports: Pick<Ports, "log" | "clock" | "logger">, owned: Owned): Promise<void> {
  const { topic, partition, committed, signal } = owned;
  const from = committed?.offset ?? 0;
  await using position = new LazyCommit(owned, ports.logger);
  await relayPartition<CorrelationEvent>(
    ports,
    { topic, partition, from, sent: from },
    {
      messages: messagesOf,
      undeliverable: (message, reason) => ({
        ...message,
        topic: topics.deadLetters,
        value: formatJson({ reason, value: message.value }),
      }),
      sent: (next) => position.set({ offset: next, note: "" }),
    },
    signal,
  );
}

/** What one decision about a correlation key sends elsewhere. */
export function messagesOf(fact: DecidedFact<CorrelationEvent>, stamp: (index: number) => Stamp): readonly Message[] {
  const { key, decision } = fact;
  const messages: Message[] = [];
  const deadLetter = (what: Pick<DeadLetter, "reason" | "disposition" | "event" | "value">): void => {
    const from = stamp(messages.length);
    const id = `${from.topic}/${from.partition}/${from.offset}/${from.index}`;
    const letter: DeadLetter = { id, atMs: decision.atMs, from, ...what };
    messages.push({ topic: topics.deadLetters, key: key ?? id, value: formatJson(letter as unknown as Json) });
  };
  const send = (command: Command): void => {
    messages.push({ topic: topics.commands, key: command.instance, value: formatJson(command as unknown as Json) });
  };
  if (decision.rejected !== undefined) {
    const { reason, value } = decision.rejected;
    deadLetter({ reason, disposition: "rejected", value });
  }
  for (const event of decision.events) {
    if (event.type === "EventMatched") {
      const { wait, reply } = event;
      send({
        type: "DeliverEvent",
        instance: wait.instance,
        event: event.event,
        found: { by: "key", wait: wait.wait, key: key ?? "" },
        from: stamp(messages.length),
        ...(reply && { reply }),
      });
    } else if (event.type === "WaitRefused") {
      const { wait, reason } = event;
      send({ type: "RefuseWait", instance: wait.instance, wait: wait.wait, reason, from: stamp(messages.length) });
    } else if (event.type === "EventDropped" && event.disposition !== "duplicate") {
      deadLetter({ reason: event.reason, disposition: event.disposition, event: event.event });
    }
  }
  return messages;
}
