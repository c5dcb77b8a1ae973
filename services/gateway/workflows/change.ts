import type { Command, Reply } from "@antiphon/protocol";
import type { FastifyReply } from "fastify";
import type { Gateway } from "../gateway.ts";
import { sendJson } from "../http/answer.ts";
import { ask } from "./command.ts";
import type { HeldInstance } from "./held-instance.ts";
import { instanceAnswered } from "./settle.ts";

/** What an instance can be asked to do by a request. */
export type Change = Command extends infer C
  ? C extends {
      type: "AbortInstance" | "ReplaceData" | "MergeData" | "RetriggerInstance" | "MoveToken" | "FireTimer";
    }
    ? Omit<C, "instance">
    : never
  : never;

/** What may have happened when no answer came in time. */
const PERHAPS: Readonly<Record<Change["type"], string>> = {
  AbortInstance: "it may have been aborted",
  ReplaceData: "its data may have been replaced",
  MergeData: "its data may have been changed",
  RetriggerInstance: "it may go on",
  MoveToken: "it may have been moved",
  FireTimer: "the timer may have been fired",
};

/** Gives an order to an instance, and answers with the data that it has then: 200, or the problem if it fails at that. */
export async function change(
  gateway: Gateway,
  instance: HeldInstance,
  order: Change,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { data: workflowdata } = await changed(gateway, instance, order);
  return sendJson(reply, 200, { id: instance.id, workflowdata });
}

/** Gives an order to an instance, and returns what came of it; a problem if the instance fails at that. */
export async function changed(
  gateway: Gateway,
  { id }: HeldInstance,
  order: Change,
): Promise<Extract<Reply, { type: "InstanceAnswer" }>> {
  const outcome = await ask(gateway, { ...order, instance: id });
  // One that has failed before can be repaired and stays failed: that is no failure of the repair.
  const isRepair = order.type === "ReplaceData" || order.type === "MergeData";
  return instanceAnswered(outcome, { id, perhaps: PERHAPS[order.type], mayHaveFailed: isRepair });
}
