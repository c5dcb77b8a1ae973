import { within } from "../support/within.ts";

/** How long events of a topic are waited for: long, because it only matters when something is wrong. */
const READ_MS_MAX = 15_000;
/** Where all partitions of a deployment of one process begin. */
const BEGINNING = "0.0.0.0";

/** The first events of a topic, as the gateway streams it. */
export async function readTopic(
  url: string,
  topic: string,
  count: number,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const over = new AbortController();
  const headers = { "last-event-id": BEGINNING };
  const response = await fetch(`${url}/v1/topics/${topic}`, { headers, signal: over.signal });
  if (response.body === null || !response.ok) throw new Error(`topic ${topic}: ${response.status}`);
  try {
    return await within(READ_MS_MAX, `${count} events of ${topic}`, eventsIn(response.body, count));
  } finally {
    over.abort();
  }
}

async function eventsIn(stream: ReadableStream<Uint8Array>, count: number) {
  const events: Record<string, unknown>[] = [];
  let rest = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data: ")) events.push(JSON.parse(line.slice("data: ".length)));
    if (events.length >= count) break;
  }
  return events.slice(0, count);
}
