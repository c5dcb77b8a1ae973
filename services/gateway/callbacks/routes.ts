import type { CallbackRef } from "@antiphon/host";
import type { Command, Json } from "@antiphon/protocol";
import type { FastifyInstance } from "fastify";
import { fateIn } from "../events/fate.ts";
import type { Gateway } from "../gateway.ts";
import { answeredAsync, prefersAsync, sendJson } from "../http/answer.ts";
import { Problem } from "../http/problem.ts";
import type { SchemaError } from "../schema-checks.ts";
import { ask, order } from "../workflows/command.ts";
import { eventOf, readAnswer, type ServiceAnswer } from "./answer-event.ts";
import { type Awaited, awaitedBy } from "./awaited.ts";
import { refusedProblem, unknownToken } from "./refused.ts";

/** Where services answer a wait by its token. */
export function registerCallbacks(app: FastifyInstance, gateway: Gateway): void {
  app.post<{ Params: { readonly token: string } }>("/callbacks/:token", async (request, reply) => {
    const ref = readToken(gateway, request.params.token);
    const answer = readAnswer(request);
    const awaited = await awaitedBy(gateway, ref);
    checkAnswer(gateway, awaited, answer);
    const event = answer.kind === "event" ? answer.event : eventOf(ref, answer.body, awaited.eventType);
    const { instance, wait } = ref;
    const command: Command = { type: "DeliverEvent", instance, event, found: { by: "token", wait } };
    if (prefersAsync(request)) {
      await order(gateway, command);
      return sendJson(answeredAsync(reply), 202, { source: event.source, id: event.id });
    }
    const outcome = await ask(gateway, command);
    const fate = fateIn(outcome, event);
    if (typeof outcome === "object" && outcome.type === "EventAnswer" && outcome.refused !== undefined) {
      throw refusedProblem(outcome.refused, fate);
    }
    return sendJson(reply, 202, { ...fate });
  });
}

function readToken({ ports }: Gateway, token: string): CallbackRef {
  const ref = ports.callbackTokens.read(token, ports.clock.now());
  if (ref === "unknown") throw unknownToken();
  if (ref === "expired") throw new Problem(410, "callback-closed", "the callback's token has expired");
  return ref;
}

/**
 * An answer that no callback of the operation allows is refused, and its wait stays open. A schema may describe the body
 * as it is sent, or what a CloudEvent carries.
 */
function checkAnswer({ schemas }: Gateway, awaited: Awaited, answer: ServiceAnswer): void {
  const values = answer.kind === "event" ? [answer.body, answer.event.data ?? null] : [answer.body];
  let nearest: readonly SchemaError[] = [];
  for (const schema of awaited.schemas) {
    for (const value of values) {
      const errors = schemas.check(schema, value);
      if (errors.length === 0) return;
      if (nearest.length === 0 || errors.length < nearest.length) nearest = errors;
    }
  }
  if (nearest.length === 0) return;
  const list = nearest.map(({ pointer, message }) => `${pointer === "" ? "the body" : pointer} ${message}`);
  const detail = `the answer is not what the callback's schema allows, and the wait is still open: ${list.join("; ")}`;
  throw new Problem(422, "answer-not-allowed", detail, {
    members: { errors: nearest.map((error): Json => ({ ...error })) },
  });
}
