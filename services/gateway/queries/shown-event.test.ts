import assert from "node:assert/strict";
import { test } from "node:test";
import type { InstanceEvent } from "@antiphon/protocol";
import { shownEvent } from "./shown-event.ts";

test("a history does not show the tokens that an instance was started with and passes on", () => {
  const started: InstanceEvent = {
    type: "InstanceStarted",
    instance: "i-1",
    workflow: "w",
    version: "1",
    definition: "h",
    data: {},
    headers: { authorization: "Bearer t", "x-authorization-simple": "t", "x-trace": "1" },
    correlation: {},
  };
  assert.deepEqual(shownEvent(started), {
    ...started,
    headers: { authorization: "…", "x-authorization-simple": "…", "x-trace": "1" },
  });
  const requested = { type: "ActionRequested", action: "1.a", function: "f", definition: "h", arguments: {} } as const;
  assert.deepEqual(shownEvent({ ...requested, tokens: { "x-own": "t" } }), { ...requested, tokens: { "x-own": "…" } });
  assert.deepEqual(shownEvent(requested), requested);
});

test("a history does not show the tokens of callback URLs, wherever a fact has one", () => {
  const url = "https://flows.example/a/callbacks/Ab_c-9.eyJhIjoxfQ.s-_9";
  const arguments_ = { reply: { to: [url, 1] }, text: `see ${url}, or ${url}?x=1`, path: "/callbacks/none" };
  const requested = { type: "ActionRequested", action: "1.a", function: "f", definition: "h" } as const;
  const hidden = "https://flows.example/a/callbacks/…";
  assert.deepEqual(shownEvent({ ...requested, arguments: arguments_ }), {
    ...requested,
    arguments: { reply: { to: [hidden, 1] }, text: `see ${hidden}, or ${hidden}?x=1`, path: "/callbacks/none" },
  });
});
