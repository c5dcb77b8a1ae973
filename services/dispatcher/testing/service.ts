import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a service of a test has got it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What it answers. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A service on a port of its own. It remembers what it got. */
export interface Service extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** How many requests it had at a time at most. */
  readonly busiest: number;
}

/** Starts a service. What `answer` rejects with, or an answer of "hang up", breaks the connection. */
export async function startService(
  answer: (received: Received) => Promise<Answer | "hang up"> | Answer | "hang up",
): Promise<Service> {
  const received: Received[] = [];
  let busy = 0;
  let busiest = 0;
  const server = createServer(async (request, response) => {
    busiest = Math.max(busiest, ++busy);
    response.on("close", () => busy--);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const one = {
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    received.push(one);
    const answered = await answer(one);
    if (answered === "hang up") {
      request.socket.destroy();
      return;
    }
    const { status = 200, headers = {}, body = "" } = answered;
    response.writeHead(status, { date: "today", ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    get busiest() {
      return busiest;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
