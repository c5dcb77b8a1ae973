import { formatJson, isJsonObject, type JsonObject, parseJson } from "@antiphon/protocol";
import * as oauth from "oauth4webapi";
import type { Dispatcher } from "undici";
import { ActionError } from "../perform/action-error.ts";
import { sendRequest } from "../perform/send-request.ts";
import { basic } from "../request/http-request.ts";
import type { OAuthClient } from "./oauth-client.ts";

/** An access token, and how long it is good from now, in milliseconds, if whoever gave it says. */
export interface GivenToken {
  readonly token: string;
  readonly lifeMs?: number;
}

/** The most bytes of a token: no service takes a longer header, and thousands of tokens are held. */
export const TOKEN_BYTES_MAX = 16_384;
/** How much of what a token's giver says about a refusal is told. */
const REASON_LENGTH_MAX = 200;

/** Asks for an access token. Throws `ActionError`, or the signal's reason if that aborts. */
export async function requestToken(agent: Dispatcher, client: OAuthClient, signal: AbortSignal): Promise<GivenToken> {
  const options = { [oauth.customFetch]: fetchWith(agent, signal), [oauth.allowInsecureRequests]: true, signal };
  const where = `OAuth 2 client "${client.name}"`;
  try {
    const server = await serverOf(client, options);
    const { clientId, grantType, parameters } = client;
    const own = { client_id: clientId };
    const response = await oauth.genericTokenEndpointRequest(
      server,
      own,
      authentication(client),
      grantType,
      parameters,
      options,
    );
    const { access_token: token, expires_in } = await oauth.processGenericTokenEndpointResponse(server, own, response);
    const bytes = Buffer.byteLength(token);
    if (bytes > TOKEN_BYTES_MAX) {
      throw new ActionError("oauth2", `expected a token of at most ${TOKEN_BYTES_MAX} bytes, found one of ${bytes}`);
    }
    return { token, ...(expires_in !== undefined && { lifeMs: expires_in * 1000 }) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw explained(error, where);
  }
}

/** As Quarkus does it: a client's id and secret stand in the header as they are, not encoded as for a form. */
function authentication({ clientId, clientSecret = "", secretIn }: OAuthClient): oauth.ClientAuth {
  if (clientSecret === "") return oauth.None();
  if (secretIn === "body") return oauth.ClientSecretPost(clientSecret);
  return (_server, _client, _body, headers) => headers.set("authorization", basic(clientId, clientSecret));
}

type Options = { readonly [oauth.customFetch]: ReturnType<typeof fetchWith>; readonly signal: AbortSignal };

async function serverOf({ tokenUrl }: OAuthClient, options: Options): Promise<oauth.AuthorizationServer> {
  if (typeof tokenUrl === "string") return { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
  const { issuer } = tokenUrl;
  const response = await oauth.discoveryRequest(new URL(issuer), { ...options, algorithm: "oidc" });
  // Only where tokens are given is asked for; behind another name of the server the issuer may be called otherwise.
  const metadata = response.status === 200 ? parseJson(await response.text()) : null;
  const endpoint = isJsonObject(metadata) ? metadata.token_endpoint : undefined;
  if (typeof endpoint === "string" && URL.canParse(endpoint)) return { issuer, token_endpoint: endpoint };
  throw new ActionError("oauth2", `${issuer}: expected metadata with a "token_endpoint", found none`);
}

/** Requests by the same agent, within the same limits, as those of actions; an ID token that comes along is of no use. */
function fetchWith(agent: Dispatcher, signal: AbortSignal) {
  return async (url: string, init: oauth.CustomFetchOptions<string, unknown>): Promise<Response> => {
    const { origin, pathname, search } = new URL(url);
    const { method, headers, body } = init;
    const sent = { method, origin, path: pathname + search, headers };
    const content = body === undefined || body === null ? {} : { body: String(body) };
    const outcome = await sendRequest(agent, { ...sent, ...content }, signal);
    if (outcome.status === "failed" || outcome.http === undefined) throw new Error(`expected a response of ${url}`);
    const { output = null, http } = outcome;
    const shown = isJsonObject(output) ? withoutIdToken(output) : output;
    return new Response(formatJson(shown), { status: http.status, headers: { "content-type": "application/json" } });
  };
}

function withoutIdToken({ id_token: _, ...others }: JsonObject): JsonObject {
  return others;
}

function explained(error: unknown, where: string): ActionError {
  // What an answer that is no JSON looks like may be a part of a token.
  if (error instanceof ActionError && error.error.code === "response") {
    return new ActionError("response", `${where}: no token was given: expected JSON, found something else`);
  }
  if (error instanceof ActionError) return error.toldBy(where);
  if (error instanceof oauth.ResponseBodyError) {
    const { error: code, error_description: description = "" } = error;
    const reason = `${code} ${description}`.trim().slice(0, REASON_LENGTH_MAX);
    return new ActionError("oauth2", `${where}: no token was given: ${error.status} ${reason}`);
  }
  // Its cause may have the token's giver's whole answer, which is nobody's business.
  return new ActionError("oauth2", `${where}: no token was given: ${error instanceof Error ? error.message : error}`);
}
