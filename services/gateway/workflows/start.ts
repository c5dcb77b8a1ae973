import type { Definition } from "@antiphon/definition";
import { newId } from "@antiphon/host";
import type { Deployment } from "@antiphon/host/definitions";
import type { Command, Json } from "@antiphon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Gateway } from "../gateway.ts";
import { answeredAsync, baseUrl, prefersAsync, sendJson } from "../http/answer.ts";
import { textOf } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { businessKeyOf, keyTaken, nextHolder } from "./business-key.ts";
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
  const headers = instanceHeaders(request.headers, definition);
  const id = businessKey === undefined ? newId() : await nextHolder(gateway, businessKey);
  const command: Command = {
    type: "StartInstance",
    instance: id,
    workflow: definition.id,
    definition: hash,
    data,
    ...(variables !== undefined && { variables }),
    ...(businessKey !== undefined && { businessKey }),
    ...fromHeaders,
    headers,
  };
  const location = `${baseUrl(gateway, request)}/${encodeURIComponent(definition.id)}/${id}`;
  if (prefersAsync(request)) {
    await order(gateway, command);
    return sendJson(answeredAsync(reply).header("location", location), 202, { id });
  }
  const outcome = await ask(gateway, command);
  if (businessKey !== undefined && typeof outcome === "object" && outcome.type === "InstanceExists") {
    throw keyTaken(businessKey, { id, workflow: outcome.workflow });
  }
  const { data: workflowdata } = instanceAnswered(outcome, { id, perhaps: "the instance may have started" });
  return sendJson(reply.header("location", location), 201, { id, workflowdata });
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
