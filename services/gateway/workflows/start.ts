import type { Definition } from "@antiphon/definition";
import { newId } from "@antiphon/host";
import type { Deployment } from "@antiphon/host/definitions";
import type { Command, Json } from "@antiphon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Gateway } from "../gateway.ts";
import { answeredAsync, prefersAsync, sendJson } from "../http/answer.ts";
import { textOf } from "../http/body.ts";
import { Problem } from "../http/problem.ts";
import { ask, order } from "./command.ts";
import { instanceHeaders } from "./request-headers.ts";
import { instanceAnswered } from "./settle.ts";
import { startData } from "./start-data.ts";

/** The most characters of a business key. */
export const BUSINESS_KEY_LENGTH_MAX = 255;

/** Starts an instance: 201 once it first rests, or 202 once the order is durable. */
export async function start(
  gateway: Gateway,
  { definition, hash }: Deployment,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const data = startData(textOf(request));
  checkInput(gateway, definition, data);
  const businessKey = businessKeyOf(request);
  const id = newId();
  const command: Command = {
    type: "StartInstance",
    instance: id,
    workflow: definition.id,
    definition: hash,
    data,
    ...(businessKey !== undefined && { businessKey }),
    headers: instanceHeaders(request.headers),
  };
  const location = `${baseUrl(gateway, request)}/${encodeURIComponent(definition.id)}/${id}`;
  if (prefersAsync(request)) {
    await order(gateway, command);
    return sendJson(answeredAsync(reply).header("location", location), 202, { id });
  }
  const outcome = await ask(gateway, command);
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

function businessKeyOf({ query }: FastifyRequest): string | undefined {
  const given = (query as { businessKey?: string | readonly string[] }).businessKey;
  if (given === undefined || given === "") return undefined;
  if (typeof given === "string" && given.length <= BUSINESS_KEY_LENGTH_MAX) return given;
  const found = typeof given === "string" ? `${given.length}` : `${given.length} keys`;
  const detail = `parameter businessKey: expected one of at most ${BUSINESS_KEY_LENGTH_MAX} characters, found ${found}`;
  throw new Problem(400, "unusable-business-key", detail);
}

/** How the client reaches the gateway: as configured, else as it says itself. */
function baseUrl({ config }: Gateway, { protocol, host }: FastifyRequest): string {
  if (config.publicUrl !== undefined) return config.publicUrl.replace(/\/+$/, "");
  return host === "" || host === undefined ? "" : `${protocol}://${host}`;
}
