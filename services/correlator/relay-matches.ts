import type { Owned } from "@antiphon/log";
import { type DecidedFact, LazyCommit, type Ports, relayPartition } from "@antiphon/processor";
import {
  type Command,
  type CorrelationEvent,
  type DeadLetter,
  eventIn,
  formatJson,
  type Json,
  type Stamp,
  topics,
} from "@antiphon/protocol";
import { deadLetter, type Outgoing, tellLetters, undeliverable } from "./outgoing.ts";

/** Carries what a partition of `antiphon.correlations` decided to the instances, and what it dropped to the dead letters. */
export async function relayMatches(ports: Pick<Ports, "log" | "clock" | "logger">, owned: Owned): Promise<void> {
  const { topic, partition, committed, signal } = owned;
  const { clock, logger } = ports;
  const from = committed?.offset ?? 0;
  await using position = new LazyCommit(owned, ports);
  await relayPartition<CorrelationEvent, Outgoing>(
    ports,
    { topic, partition, from, sent: from },
    {
      messages(fact, stamp) {
        const messages = messagesOf(fact, stamp);
        tellLetters(logger, messages);
        return messages;
      },
      undeliverable(message, reason) {
        const letter = undeliverable(message, reason, clock.now());
        tellLetters(logger, [letter]);
        return letter;
      },
      sent: (next) => position.set({ offset: next, note: "" }),
    },
    signal,
  );
}

/** What one decision about a correlation key sends elsewhere. */
export function messagesOf(fact: DecidedFact<CorrelationEvent>, stamp: (index: number) => Stamp): readonly Outgoing[] {
  const { key, decision } = fact;
  const messages: Outgoing[] = [];
  const putAside = (what: Pick<DeadLetter, "reason" | "disposition" | "event" | "value" | "isCut" | "to">): void => {
    messages.push(deadLetter({ atMs: decision.atMs, ...what, from: stamp(messages.length) }));
  };
  const send = (command: Command): void => {
    const from = stamp(messages.length);
    const value = formatJson({ ...command, from } as unknown as Json);
    messages.push({ topic: topics.commands, key: command.instance, value, from });
  };
  if (decision.rejected !== undefined) {
    const { reason, value, isCut } = decision.rejected;
    const event = eventIn(value);
    const content = event ? { event } : isCut ? { value } : { value, to: { topic: topics.correlation, key } };
    putAside({ reason, disposition: "rejected", ...content, ...(isCut && { isCut }) });
  }
  for (const event of decision.events) {
    if (event.type === "EventMatched") {
      const { wait, reply } = event;
      send({
        type: "DeliverEvent",
        instance: wait.instance,
        event: event.event,
        found: { by: "key", wait: wait.wait, key: key ?? "" },
        ...(reply && { reply }),
      });
    } else if (event.type === "WaitRefused") {
      const { wait, reason } = event;
      send({ type: "RefuseWait", instance: wait.instance, wait: wait.wait, reason });
    } else if (event.type === "EventDropped" && event.disposition !== "duplicate") {
      const { reason, disposition, isCut } = event;
      putAside({ reason, disposition, event: event.event, ...(isCut && { isCut }) });
    }
  }
  return messages;
}
