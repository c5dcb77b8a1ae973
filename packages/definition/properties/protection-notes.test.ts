import assert from "node:assert/strict";
import { test } from "node:test";
import { configurationNotes } from "../index.ts";

function notes(properties: string): readonly string[] {
  const files = { "w.sw.yaml": "id: w", "application.properties": properties };
  return configurationNotes([{ path: "w.sw.yaml", files }], {}).map(({ line, message }) => `${line}: ${message}`);
}

test("what Quarkus protected, and is open here, is named with its paths and its policy", () => {
  const text = [
    "quarkus.http.auth.permission.orders.paths=/orders/*,/refunds",
    "quarkus.http.auth.permission.orders.policy=authenticated",
    "quarkus.http.auth.permission.free.paths=/q/*",
    "quarkus.http.auth.permission.free.policy=permit",
    "quarkus.security.users.embedded.enabled=true",
    "quarkus.security.users.embedded.users.ann=pw",
    "quarkus.oidc.auth-server-url=https://login",
    "quarkus.http.auth.basic=false",
  ].join("\n");
  const instead = "let a proxy in front of Antiphon ask who it is";
  assert.deepEqual(notes(text), [
    `1: property "quarkus.http.auth.permission.orders.paths": NOT PROTECTED: "/orders/*,/refunds", which policy "authenticated" was asked about, is open here to everybody who reaches the port; ${instead}`,
    `5: property "quarkus.security.users.embedded.enabled": NOT PROTECTED: the users that are configured mean nothing here; ${instead}`,
    `7: property "quarkus.oidc.auth-server-url": NOT PROTECTED: nobody is asked to log in here; ${instead}`,
  ]);
});
