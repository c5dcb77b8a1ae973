import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { DEFINITIONS } from "./support/deployment.ts";
import { allMembers, membersUsed } from "./support/members-used.ts";
import { Schemas } from "./support/schema-members.ts";

const LANGUAGE = new URL("../docs/language.md", import.meta.url);
const DEFINITION = /(?:^|\/)[^./][^/]*\.sw\.(?:json|ya?ml)$/;

/** The official schemas, where they are at hand: they are no part of this project. */
const found = await Schemas.read();
if (found !== undefined) describe("the language as its schemas have it", () => hasEveryMemberOf(found));

function hasEveryMemberOf(schemas: Schemas): void {
  const members = allMembers(schemas);

  test("the definitions use every member, every value and every form of one", async (t) => {
    const used = new Set<string>();
    for (const path of (await readdir(DEFINITIONS, { recursive: true })).filter((one) => DEFINITION.test(one))) {
      for (const member of await membersUsed(schemas, await parsed(path), (uri) => opened(uri, path))) used.add(member);
    }
    const missing = [...members].filter((member) => !used.has(member)).toSorted();
    t.diagnostic(
      `${(((members.size - missing.length) / members.size) * 100).toFixed(1)} % of ${members.size} are used`,
    );
    assert.deepEqual(missing, [], `not used: ${missing.join(", ")}`);
  });

  test("docs/language.md has a row for every member", async () => {
    const rows = new Set<string>();
    for (const line of (await readFile(LANGUAGE, "utf8")).split("\n")) {
      const [, first = ""] = /^\| (.*?) \|/.exec(line) ?? [];
      for (const [, member = ""] of first.matchAll(/`([^`]+)`/g)) rows.add(member);
    }
    const hasRow = (member: string): boolean => rows.has(member) || rows.has(sharedRow(member));
    const missing = [...members].filter((member) => !/[=:]/.test(member) && !hasRow(member)).toSorted();
    assert.deepEqual(missing, [], `no row: ${missing.join(", ")}`);
  });
}

/** What several definitions of a schema have in common is told once, as users see it: states, and the conditions of a switch. */
function sharedRow(member: string): string {
  return member
    .replace(/^\w*state\./, "state.")
    .replace(/^(?:transition|endd?)(data|event)condition\./, "$1condition.");
}

async function parsed(path: string): Promise<unknown> {
  return parse(await readFile(join(DEFINITIONS, path), "utf8"));
}

/** Beside the definition, or from the root. */
async function opened(uri: string, from: string): Promise<unknown> {
  const path = uri.replace(/^(?:classpath|file):\/*/, "");
  return await parsed(join(dirname(from), path)).catch(() => parsed(path));
}
