import type { ContentMode } from "@antiphon/definition";
import type { Clock } from "@antiphon/processor";
import { type CloudEvent, writeEvent } from "@antiphon/protocol";
import type { Dispatcher } from "undici";

/** The most bytes of an answer that are read to keep its connection; nobody looks at them. */
const ANSWER_BYTES_MAX = 64 * 1024;

/** What came of one attempt. Undefined in its place: it was broken off, and nobody knows. */
export type Posted =
  | { readonly kind: "delivered" }
  /** It may succeed later. */
  | { readonly kind: "failed"; readonly reason: string }
  /** The sink does not want it. */
  | { readonly kind: "refused"; readonly reason: string };

/** Answers by which a sink says that it may take the same event later. */
const TRY_AGAIN = new Set([408, 425, 429]);

/** Posts an event to a sink, once, within a time; redirects are not followed. */
export async function postEvent(
  { agent, clock, timeoutMs }: { readonly agent: Dispatcher; readonly clock: Clock; readonly timeoutMs: number },
  { url, event, mode }: { readonly url: string; readonly event: CloudEvent; readonly mode: ContentMode },
  signal: AbortSignal,
): Promise<Posted | undefined> {
  const target = URL.parse(url);
  if (target === null) return { kind: "refused", reason: `expected a URL, found ${JSON.stringify(url)}` };
  const broken = new AbortController();
  const done = new AbortController();
  const breakOff = (): void => broken.abort();
  signal.addEventListener("abort", breakOff);
  if (signal.aborted) breakOff();
  void clock.sleep(timeoutMs, done.signal).then(() => {
    if (!done.signal.aborted) broken.abort();
  });
  const where = `POST ${target.origin}${target.pathname}`;
  try {
    const { headers, body } = writeEvent(event, mode, "ce-");
    const path = `${target.pathname}${target.search}`;
    const answer = await agent.request({
      method: "POST",
      origin: target.origin,
      path,
      headers: { ...headers, ...authorizationIn(target) },
      body,
      signal: broken.signal,
    });
    await answer.body.dump({ limit: ANSWER_BYTES_MAX, signal: broken.signal });
    return judged(answer.statusCode, where);
  } catch (error) {
    if (signal.aborted) return undefined;
    const reason = broken.signal.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error);
    return { kind: "failed", reason: `${where}: ${reason}` };
  } finally {
    done.abort();
    signal.removeEventListener("abort", breakOff);
  }
}

function judged(status: number, where: string): Posted {
  if (status >= 200 && status < 300) return { kind: "delivered" };
  const reason = `${where}: expected an answer of 2xx, found ${status}`;
  return { kind: status >= 500 || TRY_AGAIN.has(status) ? "failed" : "refused", reason };
}

function authorizationIn({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === "" && password === "") return {};
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(user).toString("base64")}` };
}

function reasonOf(error: unknown): string {
  const { message, code = "" } = error as Error & { readonly code?: string };
  return message === "" ? code : message;
}
