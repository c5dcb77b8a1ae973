import assert from "node:assert/strict";
import { test } from "node:test";
import { definitionIn, problemsIn } from "../testing/read-text.ts";

const REST = "start: s\nstates: [{ name: s, type: inject, data: {}, end: true }]";

test("who calls says who it is by a password, by a token or by OAuth 2", () => {
  const { auth } = definitionIn(`id: a
auth:
  - { name: plain, properties: { username: me, password: $SECRET.password, metadata: { a: b } } }
  - { name: token, scheme: bearer, properties: { token: "\${ $SECRET.token }" } }
  - name: granted
    scheme: oauth2
    properties: { authority: "https://a/t", grantType: clientCredentials, clientId: c, clientSecret: s, scopes: [r, w], audiences: [x] }
  - { name: secret, scheme: oauth2, properties: $SECRET.granted }
${REST}`);
  assert.deepEqual(auth, {
    plain: { name: "plain", scheme: "basic", username: "me", password: "$SECRET.password", metadata: { a: "b" } },
    token: { name: "token", scheme: "bearer", token: "${ $SECRET.token }", metadata: {} },
    granted: {
      name: "granted",
      scheme: "oauth2",
      grantType: "clientCredentials",
      clientId: "c",
      clientSecret: "s",
      authority: "https://a/t",
      scopes: ["r", "w"],
      audiences: ["x"],
      metadata: {},
    },
    secret: { name: "secret", scheme: "oauth2", properties: "$SECRET.granted" },
  });
});

test("an auth definition without what its scheme needs is refused", () => {
  assert.deepEqual(
    problemsIn(`id: a
auth:
  - { name: a, scheme: basic, properties: { username: me, token: t } }
  - { name: b, scheme: beare, properties: [] }
  - { name: c, scheme: oauth2, properties: { grantType: password_credentials } }
  - { name: a }
  - { name: e, scheme: oauth2, properties: { grantType: tokenExchange, clientId: c } }
  - { name: g, properties: none }
functions: [{ name: f, type: custom, operation: "rest:get:/", authRef: d }]
${REST}`).map((one) => one.replace(/^\d+:\d+ /, "")),
    [
      "/auth/0/properties/password: expected the password of the user, found nothing",
      '/auth/1/scheme: expected "basic", "bearer" or "oauth2", found "beare"; did you mean "bearer"?',
      "/auth/1/properties: expected properties of basic authentication, found an empty array",
      "/auth/2/properties/clientId: expected the id of the client, found nothing",
      '/auth/2/properties/grantType: expected "password", "clientCredentials" or "tokenExchange", found "password_credentials"',
      "/auth/3/properties: expected the properties of the authentication, found nothing",
      '/auth/3/name: expected a name that no other of the auth has, found "a"',
      "/auth/4/properties/subjectToken: expected the token that is exchanged, found nothing",
      '/auth/5/properties: expected an object, or the secret that has its members, "$SECRET.payments", found "none"',
      '/functions/0/authRef: expected the name of an auth definition, found "d"; did you mean "a"?',
    ],
  );
});

test("auth definitions and secrets may stand in files, alone or as a member", () => {
  const files = { "auth.yaml": "- { name: a, properties: $SECRET.a }", "secrets.json": '{"secrets":["one","two"]}' };
  const { auth, secrets } = definitionIn(`id: a\nauth: auth.yaml\nsecrets: secrets.json\n${REST}`, { files });
  assert.deepEqual(auth, { a: { name: "a", scheme: "basic", properties: "$SECRET.a" } });
  assert.deepEqual(secrets, ["one", "two"]);
});
