import type { Log } from "@antiphon/log";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Gateway } from "../gateway.ts";
import { unavailable } from "../http/errors.ts";
import { Problem } from "../http/problem.ts";
import { parsePosition, type TopicPosition } from "./position.ts";
import { streamTopic } from "./stream.ts";

/** The most streams at a time. */
export const STREAMS_MAX = 1_000;
/** How many topics are named to somebody who asked for another. */
const NAMED_MAX = 20;

/** Topics that definitions read or write, to be followed without a broker's client. */
export function registerTopics(app: FastifyInstance, { ports, catalog, signal }: Gateway): void {
  let streams = 0;

  app.get<{ Params: { readonly topic: string } }>("/v1/topics/:topic", async (request, reply) => {
    const { topic } = request.params;
    const partitions = catalog.topics.has(topic) ? await ports.log.partitions(topic) : undefined;
    if (partitions === undefined) throw unknownTopic(topic, catalog.topics);
    if (streams >= STREAMS_MAX) throw unavailable(`${STREAMS_MAX} streams are open already`);
    const from = readPosition(request, partitions) ?? (await endOf(ports.log, topic, partitions));
    const stream = streamTopic(ports, topic, from, signal);
    streams += 1;
    stream.once("close", () => {
      streams -= 1;
    });
    return reply
      .header("content-type", "text/event-stream; charset=utf-8")
      .header("cache-control", "no-store")
      .header("x-accel-buffering", "no")
      .send(stream);
  });
}

/** Where the client wants to go on; undefined: it does not say. */
function readPosition({ headers }: FastifyRequest, partitions: number): TopicPosition | undefined {
  const text = headers["last-event-id"];
  if (text === undefined || text === "") return undefined;
  const position = typeof text === "string" ? parsePosition(text, partitions) : undefined;
  if (position !== undefined) return position;
  const detail = `header Last-Event-ID: expected ${partitions} offsets with dots between, found ${JSON.stringify(text)}`;
  throw new Problem(400, "unusable-position", detail);
}

function endOf(log: Log, topic: string, partitions: number): Promise<TopicPosition> {
  const all = Array.from({ length: partitions }, (_, partition) => log.bounds(topic, partition));
  return Promise.all(all).then((bounds) => bounds.map(({ end }) => end));
}

function unknownTopic(topic: string, known: ReadonlySet<string>): Problem {
  const topics = [...known].sort().slice(0, NAMED_MAX);
  const expected =
    topics.length === 0
      ? "one that a definition reads or writes, of which there is none"
      : `one of ${topics.join(", ")}`;
  return new Problem(404, "no-such-topic", `topic: expected ${expected}, found ${JSON.stringify(topic)}`, {
    members: { topics },
  });
}
