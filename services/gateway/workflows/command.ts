import type { Message } from "@antiphon/log";
import { partitionOf } from "@antiphon/log";
import { type Command, formatJson, type Json, topics } from "@antiphon/protocol";
import type { Gateway } from "../gateway.ts";
import type { Outcome } from "../requests.ts";

/** A command as a record for its instance's partition. */
export function commandMessage(command: Command, partitions: number): Message {
  const { instance } = command;
  const value = formatJson(command as unknown as Json);
  return { topic: topics.commands, key: instance, value, partition: partitionOf(instance, partitions) };
}

/** Gives an order to an instance; returns once it is durable. */
export async function order({ ports }: Gateway, command: Command): Promise<void> {
  await ports.log.publish([commandMessage(command, ports.partitions)]);
}

/** Gives an order to an instance, and waits for what came of it. */
export async function ask(gateway: Gateway, command: Command): Promise<Outcome> {
  const expected = gateway.requests.expect();
  try {
    await order(gateway, { ...command, reply: expected.to });
  } catch (error) {
    gateway.requests.forget(expected);
    throw error;
  }
  return expected.outcome;
}
