import { LogUnavailableError } from "@antiphon/log";
import { type CloudEvent, type DeadLetter, isMachineTopic, type RedriveOutcome, writeEvent } from "@antiphon/protocol";
import type { Gateway } from "../gateway.ts";
import { Problem } from "../http/problem.ts";

/** How long a sink may take to answer, in milliseconds. */
export const SINK_TIMEOUT_MS = 30_000;

/** Sends an event out again that an instance has produced: to its topic, or once to its sink. What is in vain is said. */
export async function deliverOutward(gateway: Gateway, letter: DeadLetter, event: CloudEvent): Promise<RedriveOutcome> {
  const { to, instance, id } = letter;
  if (to === undefined) {
    const detail = `dead letter ${id}: expected one that can be sent again, found one that does not say where it was going`;
    throw new Problem(409, "not-redrivable", detail);
  }
  const reason =
    "url" in to
      ? await post(to.url, writeEvent(event, to.mode ?? "binary", "ce-"), gateway.signal)
      : await publish(gateway, to.topic, instance ?? to.key, writeEvent(event, to.mode ?? "structured", "ce_"));
  return reason === undefined ? { result: "sent" } : { result: "rejected", reason };
}

type Written = ReturnType<typeof writeEvent>;

/** Why the topic did not take it; undefined: it did. */
async function publish({ ports }: Gateway, topic: string, key: string | null, { headers, body }: Written) {
  if (isMachineTopic(topic)) return `topic "${topic}" does not take it: it is one of Antiphon's own`;
  try {
    await ports.log.publish([{ topic, key, value: body, headers }]);
    return undefined;
  } catch (error) {
    if (error instanceof LogUnavailableError) throw error;
    return `topic "${topic}" does not take it: ${(error as Error).message}`;
  }
}

/** Why the sink did not take it; undefined: it did. Redirects are not followed. */
async function post(url: string, { headers, body }: Written, stopping: AbortSignal): Promise<string | undefined> {
  const target = URL.parse(url);
  if (target === null) return `expected a URL, found ${JSON.stringify(url)}`;
  const { username, password } = target;
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = user === ":" ? {} : { authorization: `Basic ${Buffer.from(user).toString("base64")}` };
  target.username = "";
  target.password = "";
  const where = `POST ${target.origin}${target.pathname}`;
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(SINK_TIMEOUT_MS)]);
  try {
    const headersOut = { ...headers, ...authorization };
    const answer = await fetch(target, { method: "POST", headers: headersOut, body, redirect: "manual", signal });
    await answer.body?.cancel();
    return answer.ok ? undefined : `${where}: expected an answer of 2xx, found ${answer.status}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return `${where}: ${cause instanceof Error && cause.message !== "" ? cause.message : message}`;
  }
}
