import { request } from "node:http";
import { connect } from "node:net";

/** A request that has had no answer for as long is taken for one that hangs. */
const HANGS_MS = 20_000;
/** More of an answer is not kept. */
const ANSWER_CHARS_MAX = 1_000_000;

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface Answered {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Sends a request as it stands: nothing is made proper on the way. An answer that goes on for ever is left at its head. */
export function ask(url: string, { method, path, headers = {}, body }: Asked): Promise<Answered> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(HANGS_MS);
    const sent = request({ hostname, port, method, path, headers, signal }, (response) => {
      const { statusCode: status = 0, headers: found } = response;
      const contentType = found["content-type"] ?? "";
      let text = "";
      const end = (): void => resolve({ status, contentType, text });
      if (contentType.startsWith("text/event-stream")) {
        end();
        response.destroy();
        return;
      }
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        if (text.length < ANSWER_CHARS_MAX) text += chunk;
      });
      response.on("end", end);
      response.on("error", reject);
    });
    // Who refuses a body may answer, and hang up, before all of it was sent.
    sent.on("error", (error: NodeJS.ErrnoException) =>
      reject(new Error(`${method} ${path}: ${error.message}`, { cause: error })),
    );
    sent.end(body);
  });
}

/** Sends bytes that may be no HTTP, and gives what came back until the other side hung up or had said a whole head. */
export function askRaw(url: string, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(port), hostname, () => void socket.write(bytes));
    socket.setTimeout(HANGS_MS, () =>
      socket.destroy(new Error(`no answer to ${JSON.stringify(bytes.toString("latin1").slice(0, 80))}`)),
    );
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (text.includes("\r\n\r\n")) socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" || error.code === "EPIPE" ? undefined : reject(error),
    );
    socket.on("close", () => resolve(text));
  });
}
