import type { Clock } from "@antiphon/processor";
import type { FastifyInstance } from "fastify";
import type { Requests } from "./requests.ts";

/** How long a gateway that stops still takes requests, each answered with `Connection: close`, in milliseconds. */
export const LEAVE_MS = 250;
/** How long requests may go on when it takes no more, in milliseconds; then they are told so, or hung up on. */
export const DRAIN_MS = 4_000;
/** How long those who are told then have to read it. */
export const HANG_UP_MS = 1_000;
/** How often connections are looked for that have nothing more to do. */
const LOOK_MS = 20;
const LOOKS = 3;
/** How long connections are accepted at most before it listens no more, in milliseconds. */
export const ACCEPT_MS = 500;

declare module "fastify" {
  interface FastifyInstance {
    /** Answers wait for it. Absent: they go out at once. */
    answersHeld: Promise<void> | undefined;
  }
}

/**
 * Lets an app end the connections of its clients: when the signal has aborted, each answer closes the one that it goes over,
 * and waits while answers are held.
 */
export function closeConnections(app: FastifyInstance, signal: AbortSignal): void {
  app.decorate("answersHeld", undefined);
  app.addHook("onSend", async (_, reply) => {
    if (!signal.aborted) return;
    await app.answersHeld;
    reply.header("connection", "close");
  });
}

/**
 * Lets clients leave for `LEAVE_MS`, so that none is cut off that has just sent a request over a connection that was kept;
 * then listens no more, and comes to an end when those who are connected have been answered, or `DRAIN_MS` are over.
 */
export async function closeApp(app: FastifyInstance, requests: Requests, clock: Clock): Promise<void> {
  await untilLeft(app, clock);
  const closed = new AbortController();
  const held = Promise.withResolvers<void>();
  app.answersHeld = held.promise;
  await accepted(app, clock);
  app.server.close(() => closed.abort());
  held.resolve();
  const startedMs = clock.steady();
  while (!closed.signal.aborted) {
    // Node ends connections that are idle when it closes, but none that falls idle afterwards.
    app.server.closeIdleConnections();
    const elapsedMs = clock.steady() - startedMs;
    if (elapsedMs >= DRAIN_MS) await requests[Symbol.asyncDispose]();
    if (elapsedMs >= DRAIN_MS + HANG_UP_MS) app.server.closeAllConnections();
    await clock.sleep(LOOK_MS, closed.signal);
  }
  await app.close();
}

/**
 * Takes in all connections that have been made: those that a listener has not accepted when it closes are cut off. Answers
 * are held meanwhile, so that clients which ask again as soon as they are answered come to an end.
 */
async function accepted({ server }: FastifyInstance, clock: Clock): Promise<void> {
  const startedMs = clock.steady();
  let isNew = true;
  const note = (): void => {
    isNew = true;
  };
  server.on("connection", note);
  // Node accepts one connection in each turn of its loop.
  while (isNew && clock.steady() - startedMs < ACCEPT_MS) {
    isNew = false;
    await new Promise((resolve) => setImmediate(resolve));
  }
  server.off("connection", note);
}

/** Nobody counts as left who is between two connections: it takes `LOOKS` in a row without any. */
async function untilLeft(app: FastifyInstance, clock: Clock): Promise<void> {
  const never = new AbortController().signal;
  let quiet = 0;
  for (let waitedMs = 0; waitedMs < LEAVE_MS && quiet < LOOKS; waitedMs += LOOK_MS) {
    await clock.sleep(LOOK_MS, never);
    quiet = (await connections(app)) === 0 ? quiet + 1 : 0;
  }
}

function connections({ server }: FastifyInstance): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error === null ? count : 0)));
}
