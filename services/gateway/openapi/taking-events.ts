import { schemaRef } from "./data-schema.ts";
import type { Call } from "./operation.ts";

const FATE = schemaRef("Fate");

/** What is the same wherever CloudEvents come in. */
export const TAKING_EVENTS: Pick<Call, "headers" | "body" | "needsBody" | "answers"> = {
  headers: ["Prefer"],
  body: {
    "application/cloudevents+json": schemaRef("CloudEvent"),
    "application/cloudevents-batch+json": { type: "array", items: schemaRef("CloudEvent") },
    "*/*": { description: "the data of an event in binary mode, whose attributes are ce- headers" },
  },
  needsBody: true,
  answers: { 202: ["what became of it", { anyOf: [FATE, { type: "array", items: FATE }] }] },
};
