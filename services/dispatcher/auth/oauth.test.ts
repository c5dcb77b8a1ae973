import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActionOutcome } from "@antiphon/protocol";
import { operation } from "../testing/requests.ts";
import { type Received, type Service, startService } from "../testing/service.ts";
import { startTokenServer, type TokenServer } from "../testing/token-server.ts";
import { definitionOf, requested, World } from "../testing/world.ts";
import { TOKEN_BYTES_MAX } from "./request-token.ts";
import { EARLY_MS } from "./tokens.ts";

const CLIENT = "quarkus.oidc-client.auth";
const HOUR_MS = 3_600_000;
const security = [[{ name: "auth", scheme: { type: "oauth2" }, scopes: [] }]] as const;

/** A dispatcher that calls a service with tokens of a server. */
class Calls implements AsyncDisposable {
  readonly world: World;
  readonly service: Service;
  readonly #stack: AsyncDisposableStack;
  #count = 0;

  constructor(world: World, service: Service, stack: AsyncDisposableStack) {
    this.world = world;
    this.service = service;
    this.#stack = stack;
  }

  static async start(
    tokens: Pick<TokenServer, "url">,
    {
      properties = {},
      answer = () => ({}),
    }: {
      readonly properties?: Readonly<Record<string, string>>;
      readonly answer?: (received: Received) => { readonly status?: number };
    } = {},
  ): Promise<Calls> {
    await using stack = new AsyncDisposableStack();
    const service = stack.use(await startService(answer));
    const configured = {
      "quarkus.rest-client.shop_yaml.url": service.url,
      [`${CLIENT}.auth-server-url`]: tokens.url,
      [`${CLIENT}.token-path`]: "/token",
      [`${CLIENT}.client-id`]: "shop",
      [`${CLIENT}.credentials.secret`]: "its secret",
      ...properties,
    };
    const call = operation({ method: "GET", path: "/o", security });
    const world = await new World(definitionOf({ call }, configured)).open();
    stack.use(await world.start());
    return new Calls(world, service, stack.move());
  }

  /** Makes calls at the same time; resolves to what came of them. */
  async make(count = 1, tokens?: Readonly<Record<string, string>>): Promise<readonly (ActionOutcome | undefined)[]> {
    const first = this.#count;
    this.#count += count;
    const actions = Array.from({ length: count }, (_, i) => `1.${first + i}`);
    await this.world.happen("i-1", ...actions.map((id) => ({ ...requested(id, "call"), ...(tokens && { tokens }) })));
    const results = await this.world.resultsOf(this.#count);
    return actions.map((id) => results[`i-1:${id}`]);
  }

  /** What said who asks, in the order of the calls. */
  get authorizations(): readonly (string | undefined)[] {
    return this.service.received.map(({ headers }) => headers.authorization);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

function failure([outcome]: readonly (ActionOutcome | undefined)[], { url }: Pick<TokenServer, "url">) {
  if (outcome?.status !== "failed") throw new Error(`expected a failure, found ${JSON.stringify(outcome)}`);
  return { ...outcome.error, message: outcome.error.message.replaceAll(url, "SERVER") };
}

test("calls at the same time share one token, which is asked for once", async () => {
  await using tokens = await startTokenServer();
  await using calls = await Calls.start(tokens, { properties: { [`${CLIENT}.scopes`]: "read,write" } });
  await calls.make(5);
  await calls.make(1);
  assert.deepEqual(tokens.asked, [
    { url: "/token", client: "shop:its secret", grant_type: "client_credentials", scope: "read write" },
  ]);
  assert.deepEqual(calls.authorizations, Array(6).fill("Bearer token-1"));
});

test("a token is replaced shortly before it expires", async () => {
  await using tokens = await startTokenServer();
  await using calls = await Calls.start(tokens);
  await calls.make();
  calls.world.clock.turn(HOUR_MS - EARLY_MS - 1);
  await calls.make();
  // A clock that is set back makes no token last longer.
  calls.world.clock.turn(-24 * HOUR_MS);
  calls.world.clock.turn(1);
  await calls.make();
  assert.deepEqual(calls.authorizations, ["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
});

test("a token that cannot be replaced yet is used until it expires", async () => {
  await using tokens = await startTokenServer((_, number) =>
    number === 1 ? undefined : { status: 503, error: "busy" },
  );
  await using calls = await Calls.start(tokens);
  await calls.make();
  calls.world.clock.turn(HOUR_MS - 1);
  assert.equal((await calls.make())[0]?.status, "completed");
  calls.world.clock.turn(1);
  assert.equal((await calls.make())[0]?.status, "failed");
});

test("a token that the service does not take is not used again", async () => {
  await using tokens = await startTokenServer();
  await using calls = await Calls.start(tokens, {
    answer: ({ headers }) => ({ status: headers.authorization === "Bearer token-1" ? 401 : 200 }),
  });
  const [refused] = await calls.make();
  assert.equal(refused?.status === "completed" && refused.http?.status, 401);
  await calls.make(2);
  assert.deepEqual(calls.authorizations, ["Bearer token-1", "Bearer token-2", "Bearer token-2"]);
});

test("a user's name and password are given for a token, at the place that the server's metadata names", async () => {
  await using tokens = await startTokenServer(() => ({ id_token: "is of no use" }));
  const properties = {
    [`${CLIENT}.token-path`]: "",
    [`${CLIENT}.credentials.client-secret.method`]: "post",
    [`${CLIENT}.grant.type`]: "password",
    [`${CLIENT}.grant-options.password.username`]: "ada",
    [`${CLIENT}.grant-options.password.password`]: "p",
  };
  await using calls = await Calls.start(tokens, { properties });
  await calls.make();
  assert.deepEqual(tokens.asked, [
    {
      url: "/discovered",
      grant_type: "password",
      client_id: "shop",
      client_secret: "its secret",
      username: "ada",
      password: "p",
    },
  ]);
  assert.deepEqual(calls.authorizations, ["Bearer token-1"]);
});

test("each token that instances bring is exchanged for one of its own", async () => {
  await using tokens = await startTokenServer();
  const properties = { "sonataflow.security.auth.auth.token-exchange.enabled": "true" };
  await using calls = await Calls.start(tokens, { properties });
  for (const user of ["ada", "bob", "ada"]) await calls.make(1, { authorization: `Bearer ${user}` });
  const exchanged = (subject_token: string) => ({
    url: "/token",
    client: "shop:its secret",
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token,
    subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
  });
  assert.deepEqual(tokens.asked, [exchanged("ada"), exchanged("bob")]);
  assert.deepEqual(calls.authorizations, ["Bearer token-1", "Bearer token-2", "Bearer token-1"]);
});

const CLASSES = ["io.quarkus.oidc.client.OidcClientException", "java.lang.RuntimeException", "java.lang.Exception"];

test("a refusal of who gives tokens fails the action, and tells no secret", async () => {
  await using tokens = await startTokenServer(() => ({
    status: 401,
    error: "invalid_client",
    error_description: "who?",
  }));
  await using calls = await Calls.start(tokens);
  assert.deepEqual(failure(await calls.make(), tokens), {
    code: "oauth2",
    message: 'OAuth 2 client "auth": no token was given: 401 invalid_client who?',
    classes: CLASSES,
  });
  assert.equal(calls.service.received.length, 0);
});

test("an answer without a token fails the action, and is not told", async () => {
  await using tokens = await startTokenServer(() => ({ access_token: undefined, secret: "not for you" }));
  await using calls = await Calls.start(tokens);
  const { message } = failure(await calls.make(), tokens);
  assert.match(message, /^OAuth 2 client "auth": no token was given: .*access_token/);
  assert.doesNotMatch(message, /not for you/);
});

test("a token that is longer than any service takes fails the action", async () => {
  for (const [length, isTooLong] of [
    [TOKEN_BYTES_MAX, false],
    [TOKEN_BYTES_MAX + 1, true],
  ] as const) {
    // In UTF-8 its first letter is two bytes.
    await using tokens = await startTokenServer(() => ({ access_token: `ä${"t".repeat(length - 2)}` }));
    await using calls = await Calls.start(tokens);
    const outcomes = await calls.make();
    const expected = `expected a token of at most ${TOKEN_BYTES_MAX} bytes, found one of ${length}`;
    if (isTooLong) assert.equal(failure(outcomes, tokens).message, `OAuth 2 client "auth": ${expected}`);
    else
      assert.deepEqual(
        outcomes,
        [{ status: "completed", http: { status: 431, headers: {} } }],
        "as the service takes it",
      );
  }
});

test("an answer that is no JSON fails the action, and is not told", async () => {
  await using server = await startService(() => ({
    headers: { "content-type": "application/json" },
    body: '{"access_token":"a secret',
  }));
  await using calls = await Calls.start(server);
  assert.deepEqual(failure(await calls.make(), server), {
    code: "response",
    message: 'OAuth 2 client "auth": no token was given: expected JSON, found something else',
    classes: [
      "jakarta.ws.rs.ProcessingException",
      "javax.ws.rs.ProcessingException",
      "java.io.IOException",
      "java.lang.RuntimeException",
      "java.lang.Exception",
    ],
  });
});

test("who gives tokens and is not there fails the action as any service does", async () => {
  const tokens = await startTokenServer();
  await tokens[Symbol.asyncDispose]();
  await using calls = await Calls.start(tokens);
  const { code, message } = failure(await calls.make(), tokens);
  assert.equal(code, "refused");
  assert.match(message, /^OAuth 2 client "auth": POST SERVER\/token: no response: /);
});
