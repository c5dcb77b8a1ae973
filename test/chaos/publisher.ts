import { setTimeout as sleep } from "node:timers/promises";
import type { CloudEvent, Topics } from "../../examples/topics/topics.ts";
import type { Published, Tally } from "./tally.ts";

/** A gateway that does not answer for so long is asked again, so often; then somebody should look. */
const ANSWER_MS_MAX = 10_000;
const ATTEMPTS_MAX = 400;
const TRY_AGAIN_MS = 250;
const TAKEN = [202];
/** What a callback's URL also answers to a copy, or to one that comes too late. */
const TAKEN_AT_URL = [202, 409, 410];

/** In place of a status. */
const [UNANSWERED, REFUSED] = [0, 1];

/** Publishes events, and does not give up while nobody takes them. Each attempt is counted before it is made. */
export class Publisher {
  readonly #urls: () => string;
  readonly #tally: Tally;
  readonly #topics: Topics | undefined;

  /** @param urls one of several gateways at a time; @param topics undefined: there is no broker */
  constructor(urls: () => string, tally: Tally, topics: Topics | undefined) {
    this.#urls = urls;
    this.#tally = tally;
    this.#topics = topics;
  }

  /** To the topic of its type, where there are topics. */
  async toTopic(entry: Published): Promise<void> {
    if (this.#topics === undefined) return await this.toGateway(entry, false);
    entry.toTopic += 1;
    await this.#topics.publish(entry.event.type, entry.event);
  }

  /** To a gateway, whose answer says what became of it, or only that it is kept. */
  async toGateway(entry: Published, isAsync: boolean): Promise<void> {
    await this.#post(entry, () => this.#urls(), isAsync ? { prefer: "respond-async" } : {}, TAKEN);
  }

  /** To a callback's URL, at whichever gateway. */
  async toUrl(entry: Published, url: string): Promise<void> {
    const { pathname } = new URL(url);
    await this.#post(entry, () => `${this.#urls()}${pathname}`, {}, TAKEN_AT_URL);
  }

  async #post(entry: Published, url: () => string, more: object, taken: readonly number[]): Promise<void> {
    const headers = { "content-type": "application/cloudevents+json", ...more };
    const body = JSON.stringify(entry.event satisfies CloudEvent);
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      entry.sent += 1;
      const status = await statusOf(url(), { method: "POST", headers, body });
      if (status === REFUSED) entry.sent -= 1;
      if (taken.includes(status)) {
        entry.answered += 1;
        return;
      }
      if (status >= 400 && status < 500) {
        this.#tally.surprises.push(`event ${entry.event.id}: expected ${taken.join(" or ")}, found ${status}`);
        return;
      }
      await sleep(TRY_AGAIN_MS);
    }
    this.#tally.surprises.push(`event ${entry.event.id}: nobody took it in ${ATTEMPTS_MAX} attempts`);
  }
}

async function statusOf(url: string, request: RequestInit): Promise<number> {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    return wasRefused(error) ? REFUSED : UNANSWERED;
  }
}

/** Whether a request found nobody who listens: then nobody can have heard it. */
export function wasRefused(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { readonly code?: string };
  return code === "ECONNREFUSED";
}
