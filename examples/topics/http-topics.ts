import { setTimeout as sleep } from "node:timers/promises";
import type { CloudEvent, Topics } from "./topics.ts";

/** How long it waits before it tries again, and how often it tries to publish, before it gives up. */
const PAUSE_MS = 500;
const PUBLISH_ATTEMPTS_MAX = 120;

/** Topics where there is no broker: read as server-sent events from `GET /v1/topics/{topic}`, written by `POST /`. */
export function httpTopics(antiphonUrl: string): Topics {
  const over = new AbortController();
  const followers: Promise<void>[] = [];
  return {
    async follow(topic, take) {
      const listening = Promise.withResolvers<void>();
      const url = `${antiphonUrl}/v1/topics/${encodeURIComponent(topic)}`;
      const following = followUntil(over.signal, url, take, listening.resolve);
      followers.push(following);
      await Promise.race([listening.promise, following]);
    },
    publish: (_topic, event) => publish(antiphonUrl, event, over.signal),
    async [Symbol.asyncDispose]() {
      over.abort();
      await Promise.all(followers);
    },
  };
}

/** Listens, and comes back where it left off whenever the connection breaks or an event could not be taken. */
async function followUntil(
  over: AbortSignal,
  url: string,
  take: (event: CloudEvent) => Promise<void>,
  listening: () => void,
): Promise<void> {
  let lastId: string | undefined;
  let isAway = false;
  while (!over.aborted) {
    try {
      const headers = lastId === undefined ? {} : { "last-event-id": lastId };
      const response = await fetch(url, { headers, signal: over });
      if (!response.ok || response.body === null)
        throw new Error(`${url}: ${response.status} ${await response.text()}`);
      for await (const { id, data } of messages(response.body)) {
        if (data !== undefined) await take(JSON.parse(data) as CloudEvent);
        // Only now: what was not taken comes again.
        if (id !== undefined) lastId = id;
        isAway = false;
        listening();
      }
    } catch (error) {
      if (over.aborted) return;
      if (!isAway) console.error(`${messageOf(error)}; trying again`);
      isAway = true;
    }
    await sleep(PAUSE_MS, undefined, { signal: over }).catch(() => {});
  }
}

interface Message {
  readonly id?: string;
  readonly data?: string;
}

/** The messages of a stream of server-sent events. The first one has no data: it says where in the topic it begins. */
async function* messages(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Message> {
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = block.matchAll(/^(id|data): ?(.*)$/gm);
      yield Object.fromEntries(Array.from(fields, ([, name, value]) => [name, value])) as Message;
    }
  }
}

/** Antiphon sorts an event by its type, so the topic need not be named. */
async function publish(antiphonUrl: string, event: CloudEvent, over: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const headers = { "content-type": "application/cloudevents+json" };
      const response = await fetch(antiphonUrl, { method: "POST", headers, body: JSON.stringify(event), signal: over });
      if (response.ok) return;
      throw new Error(`POST ${antiphonUrl}: ${response.status} ${await response.text()}`);
    } catch (error) {
      if (over.aborted || attempt === PUBLISH_ATTEMPTS_MAX) throw error;
      if (attempt === 1) console.error(`${messageOf(error)}; trying again`);
    }
    await sleep(PAUSE_MS, undefined, { signal: over });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? [error.message, error.cause].filter(Boolean).join(": ") : String(error);
}
