import { messagesOf as messagesOfMatch } from "@antiphon/correlator/relay-matches";
import { messagesOf as messagesOfFact } from "@antiphon/dispatcher/messages";
import { type Message, partitionOf } from "@antiphon/log";
import type { DecidedFact } from "@antiphon/processor";
import { type Decision, isJsonObject, type Json, parseJson, type Stamp, topics } from "@antiphon/protocol";
import type { Broker } from "../broker.ts";
import { factsIn, type Logs } from "./partition-facts.ts";

/** Whatever a decision sends to another partition must have been taken in there, once; and nothing else. */
export function relayProblems(broker: Broker, { history, correlations }: Logs): readonly string[] {
  const sent = new Set<string>();
  const letters = new Set<string>();
  const collect = (message: Message): void => {
    const { key, value, topic } = message;
    const read: Json = parseJson(value ?? "null");
    if (!isJsonObject(read)) return;
    if (topic === topics.deadLetters) letters.add(String(read["id"]));
    if (topic !== topics.commands && topic !== topics.correlation) return;
    sent.add(placeOf(topic, partitionOf(key ?? "", broker.partitions(topic) ?? 1), read["from"] as unknown as Stamp));
  };
  for (const { partition, facts } of history) {
    for (const fact of facts) messagesOfFact(fact, stampIn(topics.history, partition, fact.offset)).forEach(collect);
  }
  for (const { partition, facts } of correlations) {
    for (const fact of facts) {
      messagesOfMatch(fact, stampIn(topics.correlations, partition, fact.offset)).forEach(collect);
    }
  }
  return [
    ...takenProblems(sent, [
      ...history.flatMap(({ partition, facts }) => takenIn(topics.commands, partition, facts)),
      ...correlations.flatMap(({ partition, facts }) => takenIn(topics.correlation, partition, facts)),
    ]),
    ...letterProblems(broker, letters),
  ];
}

function takenProblems(sent: Set<string>, taken: readonly string[]): readonly string[] {
  const problems: string[] = [];
  const before = new Set<string>();
  for (const place of taken) {
    if (before.has(place)) problems.push(`a relay's message was taken in twice: ${place}`);
    before.add(place);
    if (!sent.has(place)) problems.push(`a relay's message was taken in that nobody has sent: ${place}`);
  }
  for (const place of sent) if (!before.has(place)) problems.push(`a relay's message was never taken in: ${place}`);
  return problems;
}

function letterProblems(broker: Broker, letters: Set<string>): readonly string[] {
  const found = new Set(
    Array.from({ length: broker.partitions(topics.deadLetters) ?? 0 }, (_, partition) =>
      factsIn(broker, topics.deadLetters, partition).map(({ value }) => {
        const read = parseJson(value ?? "null");
        return isJsonObject(read) ? String(read["id"]) : "";
      }),
    ).flat(),
  );
  return [...letters].filter((id) => !found.has(id)).map((id) => `a dead letter was never written: ${id}`);
}

function takenIn<Event>(topic: string, partition: number, facts: readonly DecidedFact<Event>[]): readonly string[] {
  return facts.flatMap(({ decision }: { readonly decision: Decision<Event> }) =>
    decision.from === undefined ? [] : [placeOf(topic, partition, decision.from)],
  );
}

function placeOf(topic: string, partition: number, from: Stamp): string {
  return `${from.topic}/${from.partition}/${from.offset}/${from.index} > ${topic}/${partition}`;
}

function stampIn(topic: string, partition: number, offset: number): (index: number) => Stamp {
  return (index) => ({ topic, partition, offset, index });
}
