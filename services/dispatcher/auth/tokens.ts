import { createHash } from "node:crypto";
import type { Clock } from "@antiphon/processor";
import type { Dispatcher } from "undici";
import { within } from "../kinds/within.ts";
import { ActionError } from "../perform/action-error.ts";
import type { OAuthClient } from "./oauth-client.ts";
import { type GivenToken, requestToken } from "./request-token.ts";

/** How long before it expires a token is replaced, in milliseconds; one that lives shortly, after half of its life. */
export const EARLY_MS = 30_000;
/** How long a token is taken for good that does not say how long it is, in milliseconds. */
export const LIFE_MS = 300_000;
/** How long giving a token may take, in milliseconds. */
export const TOKEN_TIMEOUT_MS = 10_000;
/** How many tokens are held, each of at most `TOKEN_BYTES_MAX`; the one that was asked for first goes when there is another. */
export const TOKENS_MAX = 10_000;

interface Held {
  readonly token: string;
  readonly replaceMs: number;
  readonly expiresMs: number;
}

/**
 * Access tokens of OAuth 2 clients, each held until shortly before it expires. Whoever asks meanwhile for the same one
 * waits for the same request. Tokens are held in memory only.
 */
export class Tokens implements Disposable {
  readonly #agent: Dispatcher;
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();
  readonly #requests = new Map<string, Promise<string>>();
  readonly #ended = new AbortController();

  constructor(agent: Dispatcher, clock: Clock) {
    this.#agent = agent;
    this.#clock = clock;
  }

  /** A token that is good now. Throws `ActionError`. */
  get(client: OAuthClient): Promise<string> {
    const key = keyOf(client);
    const held = this.#held.get(key);
    if (held !== undefined && this.#clock.steady() < held.replaceMs) return Promise.resolve(held.token);
    const running = this.#requests.get(key);
    if (running !== undefined) return running;
    const request = this.#request(key, client).finally(() => this.#requests.delete(key));
    this.#requests.set(key, request);
    return request;
  }

  /** A service has not taken it: the next one who asks gets another. */
  forget(client: OAuthClient, token: string): void {
    const key = keyOf(client);
    if (this.#held.get(key)?.token === token) this.#held.delete(key);
  }

  [Symbol.dispose](): void {
    this.#ended.abort(new ActionError("oauth2", "no token was given: the dispatcher stops"));
  }

  async #request(key: string, client: OAuthClient): Promise<string> {
    const before = this.#held.get(key);
    try {
      const given = await this.#withinTime(client);
      this.#hold(key, given, client);
      return given.token;
    } catch (error) {
      // The one that was to be replaced is good for a while yet.
      if (before !== undefined && this.#clock.steady() < before.expiresMs) return before.token;
      throw error;
    }
  }

  #withinTime(client: OAuthClient): Promise<GivenToken> {
    const message = `OAuth 2 client "${client.name}": expected a token within ${TOKEN_TIMEOUT_MS} ms, found none`;
    const late = new ActionError("timeout", message);
    return within(this.#clock, TOKEN_TIMEOUT_MS, this.#ended.signal, late, (signal) =>
      requestToken(this.#agent, client, signal),
    );
  }

  #hold(key: string, { token, lifeMs = LIFE_MS }: GivenToken, { earlyMs = EARLY_MS }: OAuthClient): void {
    const now = this.#clock.steady();
    const expiresMs = now + lifeMs;
    this.#held.delete(key);
    this.#held.set(key, { token, expiresMs, replaceMs: expiresMs - Math.min(earlyMs, lifeMs / 2) });
    const [first] = this.#held.keys();
    if (this.#held.size > TOKENS_MAX && first !== undefined) this.#held.delete(first);
  }
}

/** Its secrets are not kept a second time. */
function keyOf(client: OAuthClient): string {
  return createHash("sha256").update(JSON.stringify(client)).digest("base64");
}
