import assert from "node:assert/strict";
import type { Answer } from "../client.ts";
import { filled, type Variables } from "./filled.ts";
import type { ExpectedAnswer } from "./script.ts";

/** Compares what a client of Antiphon was answered with what a script has. `what`: what was asked, for messages. */
export function checkAnswer(what: string, answer: Answer, expected: ExpectedAnswer, variables: Variables): void {
  const { status, body, text, headers } = answer;
  const members: Readonly<Record<string, unknown>> = typeof body === "object" && body !== null ? { ...body } : {};
  const names = Object.keys(expected.includes ?? {});
  const found = {
    status,
    body: "body" in expected ? body : undefined,
    includes: expected.includes && Object.fromEntries(names.map((name) => [name, members[name]])),
    headers: Object.fromEntries(Object.keys(expected.headers ?? {}).map((name) => [name, headers.get(name)])),
  };
  const { body: whole, includes, headers: some = {} } = expected;
  const wanted = { status: expected.status, body: whole, includes, headers: some };
  assert.deepEqual(found, filled(wanted, variables, found), `${what}: ${status} ${text}`);
}
