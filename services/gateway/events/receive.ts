import type { Intake } from "@antiphon/correlation";
import type { Json } from "@antiphon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Gateway } from "../gateway.ts";
import { answeredAsync, prefersAsync, sendJson } from "../http/answer.ts";
import { fateOf } from "./fate.ts";
import { readEvents } from "./read-request.ts";
import { send } from "./send.ts";

/**
 * Takes the events of a request: 202 with what became of each, or, if it prefers so, as soon as they are durable. Those
 * that come by a channel are for whoever takes their type from there.
 */
export async function receiveEvents(
  gateway: Gateway,
  request: FastifyRequest,
  reply: FastifyReply,
  channel?: Intake,
): Promise<FastifyReply> {
  const received = readEvents(request, channel);
  const events = received.kind === "one" ? [received.event] : received.events;
  const isAsync = prefersAsync(request);
  const sent = await send(gateway, events, isAsync ? "no reply" : "a reply", channel);
  if (isAsync) answeredAsync(reply);
  const fates = isAsync
    ? events.map((event) => ({ source: event.source, id: event.id }))
    : await Promise.all(sent.map(fateOf));
  const answers = fates.map((fate): Json => ({ ...fate }));
  return sendJson(reply, 202, received.kind === "one" ? (answers[0] ?? null) : answers);
}
