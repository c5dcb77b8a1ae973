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
  const begin = (instance: string): Command => ({
    type: "StartInstance",
    instance,
    workflow: definition.id,
    definition: hash,
    data,
    ...(variables !== undefined && { variables }),
    ...(businessKey !== undefined && { businessKey }),
    ...fromHeaders,
    headers,
  });
  const locationOf = (id: string): string =>
    `${baseUrl(gateway, request)}/${encodeURIComponent(definition.id)}/${encodeURIComponent(id)}`;
  if (prefersAsync(request)) {
    const id = businessKey === undefined ? newId() : await nextHolder(gateway, businessKey);
    await order(gateway, begin(id));
    return sendJson(answeredAsync(reply).header("location", locationOf(id)), 202, { id });
  }
  const { id, outcome } =
    businessKey === undefined ? await askNew(gateway, begin) : await askUnderKey(gateway, businessKey, begin);
  const { data: workflowdata } = instanceAnswered(outcome, { id, perhaps: "the instance may have started" });
  return sendJson(reply.header("location", locationOf(id)), 201, { id, workflowdata });
}

async function askNew(gateway: Gateway, begin: (id: string) => Command): Promise<{ id: string; outcome: Outcome }> {
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
