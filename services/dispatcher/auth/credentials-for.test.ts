import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuthDefinition, FunctionDefinition, OpenApiSecurity, OpenApiSecurityScheme } from "@antiphon/definition";
import { ActionError } from "../perform/action-error.ts";
import { operation, rest } from "../testing/requests.ts";
import { definitionOf } from "../testing/world.ts";
import { credentialsFor } from "./credentials-for.ts";

const AUTH = "quarkus.openapi-generator.shop_yaml.auth";

function security(name: string, scheme: OpenApiSecurityScheme): OpenApiSecurity {
  return { name, scheme, scopes: [] };
}

const key = security("key", { type: "apiKey", in: "query", parameter: "k" });
const user = security("user", { type: "basic" });
const holder = security("holder", { type: "bearer" });
const oauth = security("my-oauth", { type: "oauth2", tokenUrl: "http://document.test/token" });

/** The credentials of a call, with what is configured. */
function found(
  called: FunctionDefinition,
  properties: Readonly<Record<string, string>>,
  tokens: Readonly<Record<string, string>> = {},
  auth: Readonly<Record<string, AuthDefinition>> = {},
) {
  return credentialsFor({ ...definitionOf({ call: called }, properties), auth }, called)(tokens);
}

test("a scheme has what is configured for it", () => {
  const ways = (...security: (readonly OpenApiSecurity[])[]) => operation({ security });
  assert.deepEqual(found(ways([key]), { [`${AUTH}.key.api-key`]: "s" }), [
    { kind: "apiKey", in: "query", name: "k", value: "s" },
  ]);
  assert.deepEqual(found(ways([user]), { [`${AUTH}.user.username`]: "ada", [`${AUTH}.user.password`]: "p" }), [
    { kind: "basic", username: "ada", password: "p" },
  ]);
  assert.deepEqual(found(ways([holder]), { [`${AUTH}.holder.bearer-token`]: "t" }), [{ kind: "bearer", token: "t" }]);
  assert.deepEqual(found(ways([oauth]), { [`${AUTH}.my_oauth.bearer-token`]: "t" }), [{ kind: "bearer", token: "t" }]);
});

test("the first way is taken for which everything is configured", () => {
  const called = operation({ security: [[user, key], [], [holder]] });
  const first = { [`${AUTH}.user.username`]: "ada", [`${AUTH}.key.api-key`]: "s" };
  assert.deepEqual(
    found(called, { ...first, [`${AUTH}.holder.bearer-token`]: "t" }).map(({ kind }) => kind),
    ["basic", "apiKey"],
  );
  assert.deepEqual(found(called, { [`${AUTH}.user.username`]: "ada", [`${AUTH}.holder.bearer-token`]: "t" }), [
    { kind: "bearer", token: "t" },
  ]);
  assert.deepEqual(found(called, {}), []);
});

test("a token that the instance brought is passed on, in place of the configured one", () => {
  const called = operation({ security: [[oauth]] });
  const properties = { [`${AUTH}.my_oauth.token-propagation`]: "true", [`${AUTH}.my_oauth.bearer-token`]: "own" };
  assert.deepEqual(found(called, properties, { authorization: "Bearer theirs" }), [
    { kind: "bearer", token: "theirs" },
  ]);
  const other = { ...properties, [`${AUTH}.my_oauth.header-name`]: "X-Authorization-Simple" };
  assert.deepEqual(found(called, other, { "x-authorization-simple": "theirs" }), [{ kind: "bearer", token: "theirs" }]);
  assert.deepEqual(found(called, properties), [{ kind: "bearer", token: "own" }]);
  assert.deepEqual(found(called, {}, { authorization: "Bearer theirs" }), []);
});

test("a client of OAuth 2 is read as Quarkus has it", () => {
  const client = (properties: Readonly<Record<string, string>>) => {
    const named = Object.entries(properties).map(([name, value]) => [`quarkus.oidc-client.my_oauth.${name}`, value]);
    const [one] = found(operation({ security: [[oauth]] }), Object.fromEntries(named));
    return one?.kind === "oauth2" ? one.client : one;
  };
  const base = { name: "my-oauth", clientId: "shop", secretIn: "header", grantType: "client_credentials" };
  assert.deepEqual(client({ "client-id": "shop" }), {
    ...base,
    tokenUrl: "http://document.test/token",
    parameters: {},
  });
  const server = { "client-id": "shop", "auth-server-url": "http://auth.test/realm/" };
  assert.deepEqual(client({ ...server, "credentials.secret": "s", scopes: "a,b", audience: "x" }), {
    ...base,
    tokenUrl: { issuer: "http://auth.test/realm" },
    clientSecret: "s",
    parameters: { scope: "a b", audience: "x" },
  });
  assert.deepEqual(
    client({
      ...server,
      "token-path": "/tokens",
      "credentials.client-secret.value": "s",
      "credentials.client-secret.method": "post",
      "grant.type": "password",
      "grant-options.password.username": "ada",
      "grant-options.password.password": "p",
      "grant-options.password.realm": "r",
      "refresh-token-time-skew": "10",
    }),
    {
      ...base,
      tokenUrl: "http://auth.test/realm/tokens",
      clientSecret: "s",
      secretIn: "body",
      grantType: "password",
      parameters: { username: "ada", password: "p", realm: "r" },
      earlyMs: 10_000,
    },
  );
});

test("a token that came with the instance is exchanged where that is configured", () => {
  const properties = {
    "sonataflow.security.auth.my_oauth.token-exchange.enabled": "true",
    "sonataflow.security.auth.my_oauth.token-exchange.proactive-refresh-seconds": "60",
    "quarkus.oidc-client.my_oauth.client-id": "shop",
  };
  const tokens = { authorization: "Bearer theirs" };
  const [credential] = found(operation({ security: [[oauth]] }), properties, tokens);
  assert.deepEqual(credential, {
    kind: "oauth2",
    client: {
      name: "my-oauth",
      tokenUrl: "http://document.test/token",
      clientId: "shop",
      secretIn: "header",
      grantType: "urn:ietf:params:oauth:grant-type:token-exchange",
      parameters: { subject_token: "theirs", subject_token_type: "urn:ietf:params:oauth:token-type:access_token" },
      earlyMs: 60_000,
    },
  });
  const passedOn = { ...properties, [`${AUTH}.my_oauth.token-propagation`]: "true" };
  const [passed] = found(operation({ security: [[oauth]] }), passedOn, tokens);
  assert.deepEqual(passed, { kind: "bearer", token: "theirs" }, "unless it is passed on as it is");
});

test("a client that says nothing of where tokens are given, or asks by an unknown grant, makes no call", () => {
  const called = operation({ security: [[security("o", { type: "oauth2" })]] });
  const told = (properties: Readonly<Record<string, string>>) => {
    try {
      return found(called, { "quarkus.oidc-client.o.client-id": "shop", ...properties });
    } catch (error) {
      return error instanceof ActionError ? error.message : error;
    }
  };
  assert.equal(told({}), "quarkus.oidc-client.o.auth-server-url: expected the URL of who gives the tokens, found none");
  assert.equal(
    told({ "quarkus.oidc-client.o.grant.type": "code" }),
    "quarkus.oidc-client.o.grant.type: expected client, password, exchange, jwt, found code",
  );
});

test("a function has what is configured under its name", () => {
  const called = rest("GET", "http://shop.test");
  const own = "kogito.sw.functions.call";
  assert.deepEqual(found(called, { [`${own}.username`]: "ada", [`${own}.password`]: "p" }), [
    { kind: "basic", username: "ada", password: "p" },
  ]);
  assert.deepEqual(found(called, { [`${own}.access_token`]: "t" }), [{ kind: "bearer", token: "t" }]);
  assert.deepEqual(found(called, { [`${own}.api_key`]: "s", [`${own}.api_key_prefix`]: "Key" }), [
    { kind: "apiKey", in: "header", name: "X-API-KEY", value: "Key s" },
  ]);
});

const AUTHS: Readonly<Record<string, AuthDefinition>> = {
  plain: { name: "plain", scheme: "basic", username: "ada", password: "${ $SECRET.shop.password }", metadata: {} },
  secret: { name: "secret", scheme: "bearer", properties: "$SECRET.shop" },
  oauth: {
    name: "oauth",
    scheme: "oauth2",
    grantType: "password",
    clientId: "shop",
    clientSecret: '$SECRET."shop.secret"',
    authority: "http://auth.test/realm",
    scopes: ["a", "b"],
    audiences: ["x"],
    username: "ada",
    password: "p",
    metadata: {},
  },
  tokens: { name: "tokens", scheme: "oauth2", properties: "${ $SECRET.tokens }" },
};

test("the auth definition that a function names is used where nothing is configured", () => {
  const called = (authRef: string) => ({ ...rest("GET", "http://shop.test"), authRef });
  const properties = {
    "shop.password": "p",
    "shop.token": "t",
    "shop.secret": "s",
    "tokens.clientId": "c",
    "tokens.authority": "http://auth.test/oauth/token",
  };
  assert.deepEqual(found(called("plain"), properties, {}, AUTHS), [{ kind: "basic", username: "ada", password: "p" }]);
  assert.deepEqual(found(called("secret"), properties, {}, AUTHS), [{ kind: "bearer", token: "t" }]);
  assert.deepEqual(found(called("oauth"), properties, {}, AUTHS), [
    {
      kind: "oauth2",
      client: {
        name: "oauth",
        tokenUrl: { issuer: "http://auth.test/realm" },
        clientId: "shop",
        clientSecret: "s",
        secretIn: "header",
        grantType: "password",
        parameters: { scope: "a b", audience: "x", username: "ada", password: "p" },
      },
    },
  ]);
  const [tokens] = found(called("tokens"), properties, {}, AUTHS);
  assert.deepEqual(tokens?.kind === "oauth2" && [tokens.client.tokenUrl, tokens.client.grantType], [
    "http://auth.test/oauth/token",
    "client_credentials",
  ]);
  const configured = { ...properties, "kogito.sw.functions.call.access_token": "own" };
  assert.deepEqual(found(called("plain"), configured, {}, AUTHS), [{ kind: "bearer", token: "own" }]);
});

test("a secret that is not set makes no call", () => {
  assert.throws(() => found({ ...rest("GET", "http://shop.test"), authRef: "plain" }, {}, {}, AUTHS), {
    message: 'auth "plain": expected a password, found none; it may be a secret that is not set',
  });
});

test("an expression that is no secret makes no call", () => {
  const holder = { name: "holder", scheme: "bearer", token: "${ .token }", metadata: {} } as const;
  assert.throws(() => found({ ...rest("GET", "http://shop.test"), authRef: "holder" }, {}, {}, { holder }), {
    message: 'auth "holder": expected a text or a $SECRET for its token, found an expression',
  });
});
