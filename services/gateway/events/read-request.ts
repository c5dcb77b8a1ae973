import type { Intake } from "@antiphon/correlation";
import { type CloudEvent, CloudEventError, type Json, readCloudEvent } from "@antiphon/protocol";
import type { FastifyRequest } from "fastify";
import { bytesOf, readJson, textOf } from "../http/body.ts";
import { cloudEventProblem } from "../http/errors.ts";
import { Problem } from "../http/problem.ts";
import { bareEvents } from "./bare-events.ts";
import { binaryEvent, hasEventHeaders } from "./binary-event.ts";

/** The most events of one batch. */
export const BATCH_EVENTS_MAX = 100;

/** What a request brings: one event, or a batch of them. */
export type Received =
  | { readonly kind: "one"; readonly event: CloudEvent }
  | { readonly kind: "batch"; readonly events: readonly CloudEvent[] };

/**
 * Reads a request by CloudEvents' HTTP binding. A batch says so by its content type, an event in binary mode by headers;
 * everything else is one event in structured mode, whatever its content type, as SonataFlow's clients send it. Where the
 * channel carries data alone, it is an event of each type that is taken from there, unless headers say that it is one.
 */
export function readEvents(request: FastifyRequest, channel: Intake | undefined): Received {
  const bareTypes = channel?.bareTypes ?? [];
  if (bareTypes.length === 0 || hasEventHeaders(request.headers)) return readCloudEvents(request);
  if (channel?.cloudEvents !== true) return readBare(request, bareTypes);
  try {
    return readCloudEvents(request);
  } catch {
    return readBare(request, bareTypes);
  }
}

function readBare(request: FastifyRequest, types: readonly string[]): Received {
  const events = bareEvents(request, types);
  const [event] = events;
  return event !== undefined && events.length === 1 ? { kind: "one", event } : { kind: "batch", events };
}

function readCloudEvents(request: FastifyRequest): Received {
  const type = request.headers["content-type"] ?? "";
  if (/^\s*application\/cloudevents-batch/i.test(type))
    return { kind: "batch", events: readBatch(readDocument(request)) };
  if (!/^\s*application\/cloudevents/i.test(type) && hasEventHeaders(request.headers)) {
    return { kind: "one", event: readCloudEvent(binaryEvent(request.headers, bytesOf(request))) };
  }
  return { kind: "one", event: readCloudEvent(readDocument(request)) };
}

function readDocument(request: FastifyRequest): Json {
  const text = textOf(request);
  if (text.trim() !== "") return readJson(text);
  throw new CloudEventError("", "a CloudEvent", "nothing");
}

function readBatch(documents: Json): readonly CloudEvent[] {
  if (!Array.isArray(documents)) {
    throw new CloudEventError("", "an array of CloudEvents, as the content type says", "something else");
  }
  if (documents.length > BATCH_EVENTS_MAX) {
    const detail = `the batch: expected at most ${BATCH_EVENTS_MAX} events, found ${documents.length}`;
    throw new Problem(413, "too-large", detail, { members: { limitEvents: BATCH_EVENTS_MAX } });
  }
  return documents.map((document: Json, i) => {
    try {
      return readCloudEvent(document);
    } catch (error) {
      if (error instanceof CloudEventError)
        throw cloudEventProblem(error, `event ${i} of the batch (none was taken): `);
      throw error;
    }
  });
}
