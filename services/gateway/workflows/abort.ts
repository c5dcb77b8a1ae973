import { leftToUndo } from "@antiphon/engine";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Gateway } from "../gateway.ts";
import { sendJson } from "../http/answer.ts";
import { Problem } from "../http/problem.ts";
import { oneOf, wrong } from "../queries/parameters.ts";
import { changed } from "./change.ts";
import { familyAborted } from "./family-aborted.ts";
import type { HeldInstance } from "./held-instance.ts";

/**
 * Aborts an instance and those that perform its actions: 200 with the data that it has once what it has done is undone
 * and all of them have ended, 202 if that waits for something. A 409 if it has failed at undoing things: what is left must
 * not be lost. `?compensate=false` undoes nothing more.
 */
export async function abortInstance(
  gateway: Gateway,
  instance: HeldInstance,
  { query }: Pick<FastifyRequest, "query">,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const isToUndo = compensateIn(query);
  if (isToUndo && instance.status === "faulted" && instance.compensation !== undefined) throw failedAtUndoing(instance);
  const order = { type: "AbortInstance", ...(!isToUndo && ({ compensate: false } as const)) } as const;
  const { status, data: workflowdata, leftToUndo: left } = await changed(gateway, instance, order);
  const { id } = instance;
  if (status === "active") return sendJson(reply, 202, { id, workflowdata, ...(left && { leftToUndo: left }) });
  const unconfirmed = await familyAborted(gateway, id);
  return unconfirmed.length === 0
    ? sendJson(reply, 200, { id, workflowdata })
    : sendJson(reply, 202, { id, workflowdata, unconfirmed: unconfirmed.slice(0, UNCONFIRMED_SHOWN_MAX) });
}

/** The most instances that an answer names which have not ended. */
export const UNCONFIRMED_SHOWN_MAX = 100;

/** The most states that a sentence names. */
const LEFT_SHOWN_MAX = 10;

const WHETHER = oneOf("true", "false");

function compensateIn(query: unknown): boolean {
  const { compensate = "true" } = (query ?? {}) as { readonly compensate?: unknown };
  const read = typeof compensate === "string" ? WHETHER.read(compensate) : undefined;
  if (read === undefined) throw wrong("compensate", WHETHER.expected, JSON.stringify(compensate));
  return read === "true";
}

function failedAtUndoing(instance: HeldInstance): Problem {
  const { id } = instance;
  const left = leftToUndo(instance);
  const shown = left.slice(0, LEFT_SHOWN_MAX).map((state) => JSON.stringify(state));
  const detail =
    `instance ${id} has failed while it was undoing things: ${shown.join(", ")} of ${left.length} states are left to run; ` +
    "POST …/retrigger tries again what failed, POST …/skip passes it over, DELETE …?compensate=false undoes nothing more";
  return new Problem(409, "compensation-failed", detail, { members: { id, leftToUndo: left } });
}
