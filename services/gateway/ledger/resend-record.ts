import { type Message, partitionOf } from "@antiphon/log";
import {
  type DeadLetter,
  formatJson,
  isJsonObject,
  isMachineTopic,
  type Json,
  parseJson,
  type RedriveOutcome,
  topics,
} from "@antiphon/protocol";
import type { Gateway } from "../gateway.ts";
import { Problem } from "../http/problem.ts";

/** Puts a record that was no event back on the topic that it came from, or was meant for. */
export async function resendRecord({ ports }: Gateway, letter: DeadLetter): Promise<RedriveOutcome> {
  const { id, value, to } = letter;
  if (value === undefined || to === undefined || !("topic" in to)) {
    const expected = "expected one that can be sent again, found one that says no topic";
    throw new Problem(409, "not-redrivable", `dead letter ${id}: ${expected}`);
  }
  const { topic, key, headers } = to;
  if (isMachineTopic(topic) && !isOwn(topic)) {
    return { result: "rejected", reason: `topic "${topic}" does not take it: it is one of Antiphon's own` };
  }
  const message: Message = { topic, key, value, ...(headers && { headers }) };
  await ports.log.publish([isOwn(topic) ? anew(message, ports.partitions) : message]);
  return { result: "sent" };
}

function isOwn(topic: string): boolean {
  return topic === topics.commands || topic === topics.correlation;
}

/** Without the place that a relay had it from, by which its receiver would take it for a repetition; nobody waits for an answer any more. */
function anew({ key, value, ...message }: Message, partitions: number): Message {
  const partition = key === null ? {} : { partition: partitionOf(key, partitions) };
  const order = readOrder(value ?? "");
  if (!isJsonObject(order)) return { ...message, key, value, ...partition };
  const { from: _, reply: __, ...rest } = order;
  return { ...message, key, value: formatJson(rest), ...partition };
}

function readOrder(value: string): Json {
  try {
    return parseJson(value);
  } catch {
    return value;
  }
}
