import type { Definition } from "@antiphon/definition";
import { newId } from "@antiphon/host";
import type { Deployment } from "@antiphon/host/definitions";
import type { Command, Json } from "@antiphon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Gateway } from "../gateway.ts";
import { answeredAsync, baseUrl, prefersAsync, sendJson } from "../http/answer.ts";
import { textOf } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import type { Outcome } from "../requests.ts";
import { askUnderKey, businessKeyOf, nextHolder } from "./business-key.ts";
import { ask, order } from "./command.ts";
import { instanceHeaders } from "./request-headers.ts";
import { instanceAnswered } from "./settle.ts";
import { startBody } from "./start-data.ts";
import { startHeaders } from "./start-headers.ts";
import { onceOf, orderOnce, startOnce } from "./start-once.ts";

type Begin = (id: string) => Command;

/** Starts an instance: 201 once it first rests, or 202 once the order is durable. */
export async function start(
  gateway: Gateway,
  { definition, hash }: Deployment,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { data, variables } = startBody(textOf(request));
  checkInput(gateway, definition, data);
  const businessKey = businessKeyOf(request);
  const fromHeaders = startHeaders(request.headers, definition);
  const headers = instanceHeaders(request.headers, definition, gateway.catalog.headersPassedOn(definition));
  const once = onceOf(request, {
    data,
    ...fromHeaders,
    variables: variables ?? null,
    businessKey: businessKey ?? null,
  });
  const begin = (instance: string): Command => ({
    type: "StartInstance",
    instance,
    workflow: definition.id,
    definition: hash,
    data,
    ...(variables !== undefined && { variables }),
    ...(businessKey !== undefined && { businessKey }),
    ...fromHeaders,
    ...(once && { once }),
    headers,
  });
  const starting = once && { workflow: definition.id, businessKey, once, begin };
  const locationOf = (id: string): string =>
    `${baseUrl(gateway, request)}/${encodeURIComponent(definition.id)}/${encodeURIComponent(id)}`;
  if (prefersAsync(request)) {
    const id =
      starting === undefined ? await orderNew(gateway, businessKey, begin) : await orderOnce(gateway, starting);
    return sendJson(answeredAsync(reply).header("location", locationOf(id)), 202, { id });
  }
  const { id, outcome } =
    starting === undefined ? await askNew(gateway, businessKey, begin) : await startOnce(gateway, starting);
  const { data: workflowdata } = instanceAnswered(outcome, {
    id,
    perhaps: "the instance may have started",
    isNew: true,
  });
  return sendJson(reply.header("location", locationOf(id)), 201, { id, workflowdata });
}

async function orderNew(gateway: Gateway, businessKey: string | undefined, begin: Begin): Promise<string> {
  const id = businessKey === undefined ? newId() : await nextHolder(gateway, businessKey);
  await order(gateway, begin(id));
  return id;
}

async function askNew(
  gateway: Gateway,
  businessKey: string | undefined,
  begin: Begin,
): Promise<{ readonly id: string; readonly outcome: Outcome }> {
  if (businessKey !== undefined) return await askUnderKey(gateway, businessKey, begin);
  const id = newId();
  return { id, outcome: await ask(gateway, begin(id)) };
}

/** Whether only events start a workflow. */
export function startsByEvents({ states, start: first }: Definition): boolean {
  return states[first]?.type === "event";
}

function checkInput({ schemas, ports }: Gateway, { id, dataInputSchema }: Definition, data: Json): void {
  if (dataInputSchema === undefined) return;
  const errors = schemas.check(dataInputSchema.schema, data);
  if (errors.length === 0) return;
  const list = errors.map(({ pointer, message }) => `${pointer === "" ? "the data" : pointer} ${message}`);
  const detail = `There are JsonSchema validation errors:\n${list.join("\n")}`;
  if (dataInputSchema.failOnValidationErrors) {
    throw new Problem(400, "invalid-input", detail, { members: { errors: errors.map((error) => ({ ...error })) } });
  }
  ports.logger.warn({ workflow: id, errors }, "an instance is started with data that its schema does not allow");
}
