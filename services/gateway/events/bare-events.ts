import { newId } from "@antiphon/host";
import { type CloudEvent, dataIn, readCloudEvent } from "@antiphon/protocol";
import type { FastifyRequest } from "fastify";
import { contentOf } from "../http/body.ts";
import { reading } from "./reading.ts";

/**
 * Events made of a body, one of each type, where a channel is configured to carry data alone
 * (`kogito.messaging.as-cloudevents=false`). Requests with the same `Idempotency-Key` make the same events.
 */
export function bareEvents(request: FastifyRequest, types: readonly string[]): readonly CloudEvent[] {
  const { "idempotency-key": key, "content-type": contentType } = request.headers;
  const id = typeof key === "string" && key !== "" ? key : newId();
  const body = contentOf(request);
  const data = reading(body, () => dataIn(body, contentType));
  return types.map((type) =>
    readCloudEvent({
      specversion: "1.0",
      id: types.length === 1 ? id : `${id}/${type}`,
      source: request.url.split("?")[0] ?? "/",
      type,
      ...(contentType !== undefined && { datacontenttype: contentType }),
      ...data,
    }),
  );
}
