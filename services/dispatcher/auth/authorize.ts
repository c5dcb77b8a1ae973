import { untilAborted } from "../perform/until-aborted.ts";
import type { HttpRequest } from "../request/http-request.ts";
import { type Credential, withCredential } from "./credential.ts";
import type { Tokens } from "./tokens.ts";

/** A request with all that says who asks, and what is to be done when the service does not take it. */
export interface Authorized {
  readonly request: HttpRequest;
  /** Tokens are not used again. */
  refused(): void;
}

/** Adds credentials to a request; tokens are asked for where there are none. Throws `ActionError`, or the signal's reason. */
export async function authorize(
  tokens: Tokens,
  request: HttpRequest,
  credentials: readonly Credential[],
  signal: AbortSignal,
): Promise<Authorized> {
  const used: (() => void)[] = [];
  let authorized = request;
  for (const credential of credentials) {
    if (credential.kind === "oauth2") {
      const { client } = credential;
      const token = await untilAborted(signal, tokens.get(client));
      used.push(() => tokens.forget(client, token));
      authorized = withCredential(authorized, { kind: "bearer", token });
    } else {
      authorized = withCredential(authorized, credential);
    }
  }
  return {
    request: authorized,
    refused() {
      for (const forget of used) forget();
    },
  };
}
