import { type CallbackRef, deriveId } from "@antiphon/host";
import { type CloudEvent, isJsonObject, type Json, readCloudEvent } from "@antiphon/protocol";
import type { FastifyRequest } from "fastify";
import { binaryEvent, hasEventHeaders } from "../events/binary-event.ts";
import { bytesOf, readJson, textOf } from "../http/body.ts";

/** The source of an event that is made of a plain answer: the callback's URL without its token. */
export const CALLBACK_SOURCE = "/callbacks";
/** Its type where the awaited one is not known. */
export const CALLBACK_TYPE = "antiphon.callback";

/** What a service sent to a callback's URL: a CloudEvent, or just its data. */
export type ServiceAnswer =
  | { readonly kind: "event"; readonly event: CloudEvent; readonly body: Json }
  | { readonly kind: "data"; readonly body: Json };

/** Reads the answer of a service. Whatever claims to be a CloudEvent has to be one. */
export function readAnswer(request: FastifyRequest): ServiceAnswer {
  const type = request.headers["content-type"] ?? "";
  const isStructured = /^\s*application\/cloudevents/i.test(type);
  if (!isStructured && hasEventHeaders(request.headers)) {
    const event = readCloudEvent(binaryEvent(request.headers, bytesOf(request)));
    return { kind: "event", event, body: event.data ?? null };
  }
  const text = textOf(request);
  const body = text.trim() === "" ? {} : readJson(text);
  if (!isStructured && !(isJsonObject(body) && Object.hasOwn(body, "specversion"))) return { kind: "data", body };
  return { kind: "event", event: readCloudEvent(body), body };
}

/** The event that a plain answer is to its wait; the same for every answer to it, as one alone can count. */
export function eventOf({ instance, wait }: CallbackRef, data: Json, type: string | undefined): CloudEvent {
  return {
    specversion: "1.0",
    id: deriveId(JSON.stringify(["callback", instance, wait])),
    source: CALLBACK_SOURCE,
    type: type ?? CALLBACK_TYPE,
    datacontenttype: "application/json",
    data,
  };
}
