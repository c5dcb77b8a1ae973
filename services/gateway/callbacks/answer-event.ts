import { type CallbackRef, deriveId } from "@antiphon/host";
import {
  type CloudEvent,
  checkData,
  hasEventHeaders,
  isJsonObject,
  type Json,
  parseJson,
  readCloudEvent,
  readEvent,
} from "@antiphon/protocol";
import type { FastifyRequest } from "fastify";
import { messageOf, reading } from "../events/reading.ts";
import { textOf } from "../http/body.ts";

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
    const message = messageOf(request);
    const event = reading(message.body, () => readEvent(message, "http"));
    return { kind: "event", event, body: event.data ?? null };
  }
  const text = textOf(request);
  return reading({ text }, (): ServiceAnswer => {
    const body = text.trim() === "" ? {} : parseJson(text);
    const isEvent = isStructured || (isJsonObject(body) && Object.hasOwn(body, "specversion"));
    if (isEvent) return { kind: "event", event: readCloudEvent(body), body };
    checkData(body);
    return { kind: "data", body };
  });
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
