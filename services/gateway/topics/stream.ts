import { once } from "node:events";
import { PassThrough, type Writable } from "node:stream";
import { type Log, PlaceLostError } from "@antiphon/log";
import type { Clock, Logger } from "@antiphon/processor";
import { formatPosition, type TopicPosition } from "./position.ts";
import { eventLine } from "./record-event.ts";

/** How often a stream without events says that it is alive, in milliseconds. */
export const HEARTBEAT_MS = 15_000;
/** How long a client may leave a full stream unread, in milliseconds; then it is hung up on, and may come again. */
export const STALLED_MS = 30_000;
/** How much waits in a stream for its client, in bytes. */
export const STREAM_BYTES_MAX = 262_144;
/** How long a client waits before it connects again, in milliseconds. */
const RECONNECT_MS = 1_000;

interface StreamPorts {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The events on a topic from a position on, as server-sent events, until the client goes or `signal` aborts. The client's
 * pace is kept: what it does not read is not read from the log either.
 */
export function streamTopic(ports: StreamPorts, topic: string, from: TopicPosition, signal: AbortSignal): PassThrough {
  const stream = new PassThrough({ highWaterMark: STREAM_BYTES_MAX });
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  stream.once("close", () => over.abort());
  // A client that is told its position at once misses nothing if the connection breaks before the first event.
  stream.write(`retry: ${RECONNECT_MS}\nid: ${formatPosition(from)}\n\n`);
  const position = [...from];
  const followed = from.map((_, partition) => followAnyway(ports, topic, position, partition, stream, until));
  void Promise.all([...followed, beat(ports.clock, stream, until)])
    .catch((error: unknown) => {
      if (!until.aborted) ports.logger.warn({ err: error, topic }, "a stream of events ended");
    })
    .finally(() => {
      over.abort();
      stream.end();
    });
  return stream;
}

/** Goes on with what a topic holds that was made anew, or that never had what the client says it has read. */
async function followAnyway(...[ports, topic, position, partition, ...rest]: Parameters<typeof follow>): Promise<void> {
  for (;;) {
    try {
      await follow(ports, topic, position, partition, ...rest);
      return;
    } catch (error) {
      if (!(error instanceof PlaceLostError)) throw error;
      ports.logger.warn(
        { err: error, topic, partition, goesOnAt: error.next },
        "a stream goes on in a topic made anew",
      );
      position[partition] = error.next;
    }
  }
}

async function follow(
  { log, clock }: StreamPorts,
  topic: string,
  position: number[],
  partition: number,
  stream: Writable,
  signal: AbortSignal,
): Promise<void> {
  for await (const batch of log.tail(topic, partition, position[partition] ?? 0, { signal })) {
    for (const record of batch.records) {
      position[partition] = record.offset + 1;
      const line = eventLine(record);
      const place = `${topic}/${partition}/${record.offset}`;
      const id = formatPosition(position);
      await write(
        stream,
        line === undefined ? `: ${place} is no CloudEvent\n\n` : `id: ${id}\ndata: ${line}\n\n`,
        clock,
        signal,
      );
      if (signal.aborted) return;
    }
  }
}

async function beat(clock: Clock, stream: Writable, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(HEARTBEAT_MS, signal);
    if (!signal.aborted && stream.writableLength === 0) stream.write(": alive\n\n");
  }
}

/** Writes, and waits until there is room for more. Throws if that takes longer than `STALLED_MS`. */
async function write(stream: Writable, text: string, clock: Clock, signal: AbortSignal): Promise<void> {
  if (signal.aborted || stream.write(text)) return;
  const done = new AbortController();
  const drained = once(stream, "drain", { signal: AbortSignal.any([signal, done.signal]) }).then(
    () => "drained",
    () => "over",
  );
  const stalled = clock.sleep(STALLED_MS, AbortSignal.any([signal, done.signal])).then(() => "stalled");
  const outcome = await Promise.race([drained, stalled]);
  done.abort();
  if (outcome === "stalled" && !signal.aborted) throw new Error(`the client did not read for ${STALLED_MS} ms`);
}
