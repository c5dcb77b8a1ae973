import type { Clock } from "@antiphon/processor";
import type { FastifyInstance } from "fastify";
import type { Requests } from "./requests.ts";

/** How long requests may go on when the gateway stops, in milliseconds; then they are told so, or hung up on. */
export const DRAIN_MS = 4_000;
/** How long those who are told then have to read it. */
export const HANG_UP_MS = 1_000;
/** How often connections are looked for that have nothing more to do. */
const LOOK_MS = 20;

/** Takes no more requests, and comes to an end when those that are there have been answered, or `DRAIN_MS` are over. */
export async function closeApp(app: FastifyInstance, requests: Requests, clock: Clock): Promise<void> {
  const startedMs = clock.now();
  const closed = new AbortController();
  const closing = app.close().finally(() => closed.abort());
  while (!closed.signal.aborted) {
    // Node ends connections that are idle when it closes, but none that falls idle afterwards.
    app.server.closeIdleConnections();
    const elapsedMs = clock.now() - startedMs;
    if (elapsedMs >= DRAIN_MS) await requests[Symbol.asyncDispose]();
    if (elapsedMs >= DRAIN_MS + HANG_UP_MS) app.server.closeAllConnections();
    await clock.sleep(LOOK_MS, closed.signal);
  }
  await closing;
}
