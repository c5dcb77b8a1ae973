import { type Received, type Service, startService } from "./service.ts";

/** Who gives tokens in a test: `token-1`, `token-2` and so on, each good for an hour unless it is said otherwise. */
export interface TokenServer extends Service {
  /** What it was asked for: the grant and all else that a body had, and what said who asked. */
  readonly asked: readonly Readonly<Record<string, string>>[];
}

/** Starts one. `answer` replaces the answer to a request for a token, undefined leaves it. */
export async function startTokenServer(
  answer: (asked: Readonly<Record<string, string>>, number: number) => object | undefined = () => undefined,
): Promise<TokenServer> {
  const asked: Readonly<Record<string, string>>[] = [];
  const headers = { "content-type": "application/json" };
  const service = await startService(({ url, headers: sent, body }: Received) => {
    if (url.endsWith("/.well-known/openid-configuration")) {
      const own = { issuer: "http://elsewhere.test", token_endpoint: `http://${sent.host}/discovered` };
      return { headers, body: JSON.stringify(own) };
    }
    const { authorization = "" } = sent;
    const client = authorization === "" ? {} : { client: Buffer.from(authorization.slice(6), "base64").toString() };
    const request = { url, ...client, ...Object.fromEntries(new URLSearchParams(body)) };
    const given = { access_token: `token-${asked.push(request)}`, token_type: "Bearer", expires_in: 3600 };
    const { status = 200, ...replaced } = (answer(request, asked.length) ?? {}) as { status?: number };
    return { status, headers, body: JSON.stringify(status === 200 ? { ...given, ...replaced } : replaced) };
  });
  return {
    url: service.url,
    received: service.received,
    asked,
    get busiest() {
      return service.busiest;
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}
