import { Pool } from "undici";
import { type Asked, answerTo } from "./answer-to.ts";
import type { Loop } from "./run-load.ts";

/** The most connections to the gateway, and the bytes of an event that is followed at most. */
const CONNECTIONS_MAX = 64;

/** Starts by HTTP, follows the topic by server-sent events, answers by `POST /`, whose answer says that the instance ended. */
export async function httpLoop(url: string): Promise<Loop & AsyncDisposable> {
  const pool = new Pool(url, { connections: CONNECTIONS_MAX, pipelining: 1 });
  const follow = new AbortController();
  let ended: (instance: string) => void = () => {};
  const answer = async (asked: Asked): Promise<void> => {
    const { statusCode, body } = await pool.request({
      path: "/",
      method: "POST",
      headers: { "content-type": "application/cloudevents+json" },
      body: JSON.stringify(answerTo(asked)),
    });
    const { disposition } = (await body.json()) as { disposition?: string };
    if (statusCode !== 202 || disposition !== "resolved") throw new Error(`answered with ${statusCode} ${disposition}`);
    ended(asked.kogitoprocinstanceid);
  };
  const stream = await fetch(`${url}/v1/topics/bench.asked`, { signal: follow.signal });
  if (!stream.ok || stream.body === null) throw new Error(`expected to follow bench.asked, found ${stream.status}`);
  const reading = readEvents(stream.body, (data) => void answer(JSON.parse(data)));
  return {
    start: startBy(pool),
    onEnd(listener) {
      ended = listener;
    },
    async [Symbol.asyncDispose]() {
      follow.abort();
      await reading.catch(() => {});
      await pool.close();
    },
  };
}

/** Starts an instance by HTTP and answers with its id. */
export function startBy(pool: Pool): Loop["start"] {
  return async (n) => {
    const { statusCode, body } = await pool.request({
      path: "/roundtrip",
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ n, customer: "4711", items: [{ sku: "a", count: 2 }] }),
    });
    const answered = (await body.json()) as { id: string };
    if (statusCode !== 201) throw new Error(`a start was answered with ${statusCode} ${JSON.stringify(answered)}`);
    return answered.id;
  };
}

async function readEvents(body: ReadableStream<Uint8Array>, take: (data: string) => void): Promise<void> {
  let rest = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data:")) take(line.slice(5));
  }
}
