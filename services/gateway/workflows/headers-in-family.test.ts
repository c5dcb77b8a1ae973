import assert from "node:assert/strict";
import { test } from "node:test";
import type { Definition } from "@antiphon/definition";
import { FAMILY_MAX, headersInFamily } from "./headers-in-family.ts";

const security = [[{ name: "shop", scheme: { type: "bearer" } as const, scopes: [] }]];
const place = { document: "shop.yaml", operationId: "o", method: "GET", path: "/", parameters: [], callbacks: [] };
const functions = { f: { kind: "openapi", name: "f", operation: { ...place, security }, metadata: {} } as const };
const passing = { "quarkus.openapi-generator.shop_yaml.auth.shop.token-propagation": "true" };

function definition(id: string, workflows: readonly string[], properties: Definition["properties"] = {}): Definition {
  return { id, functions, workflows, properties } as unknown as Definition;
}

test("a token is kept for whoever passes it on: the workflow itself, or one that it leads to, in any version", () => {
  const leaf = definition("leaf", ["root"], passing);
  const middle = definition("middle", ["leaf", "gone"]);
  const root = definition("root", ["middle"]);
  const all: Readonly<Record<string, readonly Definition[]>> = {
    root: [root],
    middle: [definition("middle", []), middle],
    leaf: [leaf],
  };
  const versionsOf = (workflow: string) => all[workflow] ?? [];
  for (const first of [root, middle, leaf]) {
    assert.deepEqual([...headersInFamily(first, versionsOf)], ["authorization"]);
  }
  assert.deepEqual([...headersInFamily(definition("alone", []), versionsOf)], []);
});

test("of a large family as many workflows are looked at as may be", () => {
  const chain = (length: number) => (workflow: string) => {
    const n = Number(workflow) + 1;
    return [definition(workflow, [String(n)], n === length ? passing : {})];
  };
  const found = (length: number) => headersInFamily(definition("0", ["1"]), chain(length)).size;
  assert.deepEqual([found(FAMILY_MAX), found(FAMILY_MAX + 1)], [1, 0]);
});
