import type { Intake } from "@antiphon/correlation";
import {
  type CloudEvent,
  CloudEventError,
  hasEventHeaders,
  type Json,
  kindOf,
  readCloudEvent,
  readDocument,
  readEvent,
} from "@antiphon/protocol";
import type { FastifyRequest } from "fastify";
import { cloudEventProblem } from "../http/errors.ts";
import { Problem } from "../http/problem.ts";
import { bareEvents } from "./bare-events.ts";
import { messageOf, reading } from "./reading.ts";

/** The most events of one batch. */
export const BATCH_EVENTS_MAX = 100;

/** What a request brings: one event, or a batch of them. */
export type Received =
  | { readonly kind: "one"; readonly event: CloudEvent }
  | { readonly kind: "batch"; readonly events: readonly CloudEvent[] };

/**
 * Reads a request by CloudEvents' HTTP binding. A batch says so by its content type. Where the channel carries data alone,
 * it is an event of each type that is taken from there, unless headers say that it is one.
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
  const message = messageOf(request);
  const { body } = message;
  if (/^\s*application\/cloudevents-batch/i.test(request.headers["content-type"] ?? "")) {
    return { kind: "batch", events: readBatch(reading(body, () => readDocument(body))) };
  }
  return { kind: "one", event: reading(body, () => readEvent(message, "http")) };
}

function readBatch(documents: Json): readonly CloudEvent[] {
  if (!Array.isArray(documents)) {
    throw new CloudEventError("", "an array of CloudEvents, as the content type says", kindOf(documents));
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
