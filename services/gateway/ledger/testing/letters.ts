import { deadLetterMessage } from "@antiphon/host";
import type { Fact } from "@antiphon/log";
import { type DeadLetter, type Json, parseJson, topics } from "@antiphon/protocol";
import type { Machine } from "../../testing/start-machine.ts";
import { viewEverything } from "../../testing/view-everything.ts";

/** An event that nobody has asked for. */
export const PLACED = { specversion: "1.0", id: "e1", source: "/shop", type: "order.placed", data: {} };
/** A place where a letter may be from. */
export const FROM = { topic: topics.history, partition: 0, offset: 1, index: 0 };

/** Asks the gateway, whose views have all that the logs have. */
export async function call(machine: Machine, method: "GET" | "POST", url: string, payload?: object) {
  await viewEverything(machine.ports);
  const answer = await machine.app.inject({ method, url, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json() as { readonly [member: string]: Json } };
}

/** The dead letters of a filter. */
export async function letters(machine: Machine, query = ""): Promise<readonly { readonly [member: string]: Json }[]> {
  return (await call(machine, "GET", `/v1/dead-letters?${query}`)).body.items as never;
}

/** Writes a dead letter; gives its id. */
export async function bury(machine: Machine, letter: Omit<DeadLetter, "id">): Promise<string> {
  const message = deadLetterMessage(letter);
  await machine.ports.log.publish([message]);
  return message.key;
}

/** The records on a topic. */
export async function recordsOn({ ports }: Machine, topic: string): Promise<readonly Fact[]> {
  const count = (await ports.log.partitions(topic)) ?? 0;
  const read = await Promise.all(Array.from({ length: count }, (_, p) => ports.log.read(topic, p, 0, 100)));
  return read.flatMap(({ records }) => records);
}

/** What stands in the records on a topic. */
export async function valuesOn(machine: Machine, topic: string): Promise<readonly Json[]> {
  return (await recordsOn(machine, topic)).map(({ value }) => parseJson(value ?? "null"));
}
