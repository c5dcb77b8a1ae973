import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionDefinition } from "@antiphon/definition";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const notify: FunctionDefinition = {
  kind: "openapi",
  name: "notify",
  operation: {
    document: "specs/notify.yaml",
    operationId: "notify",
    method: "post",
    path: "/notify",
    parameters: [],
    body: { mediaType: "application/json" },
    security: [],
    callbacks: [{ name: "done", url: "$request.body#/uri" }],
  },
  metadata: {},
};
const done = make.consumed("done");
const event = make.cloudEvent("done", "e-1", { ok: true });
const action = make.call("notify", notify, { arguments: { id: 1 } });
const REASON = "wait 1.event: it is answered by its callback URL alone";

test("a wait whose URL its action carries is not resolved by an event that names the instance, and is by its token", () => {
  const waiting = given(make.workflowOf([make.callback("ask", done, { action })])).when(make.start());
  const ignored = waiting.and.when(make.deliver(event));
  ignored.then({
    type: "EventIgnored",
    event,
    disposition: "unmatched",
    reason: REASON,
    found: { by: "instance" },
  });
  const found = { by: "token", wait: "1.event" } as const;
  const taken = ignored.and.when({ type: "DeliverEvent", instance: "i-1", event: { ...event, id: "e-2" }, found });
  assert.ok(taken.events.some(({ type }) => type === "EventReceived"));
});

test("an event that names the instance before such a wait opens is not taken by it", () => {
  const early = make.workflowOf([
    make.callback("first", make.consumed("other"), { next: make.to("ask") }),
    make.callback("ask", done, { action }),
  ]);
  const waiting = given(early)
    .when(make.start())
    .and.when(make.deliver(event))
    .and.when(make.deliver(make.cloudEvent("other", "e-0")));
  assert.ok(waiting.events.some(({ type }) => type === "EventAwaited"));
  assert.ok(!waiting.events.some((fact) => fact.type === "EventReceived" && fact.wait === "2.event"));
});

for (const [what, made] of [
  ["its definition has a channel for", { properties: { "mp.messaging.incoming.done.connector": "quarkus-http" } }],
  ["its action carries another URL for", { arguments: { uri: "https://elsewhere.test" } }],
] as const) {
  test(`a wait is resolved by an event that names the instance, which ${what}`, () => {
    const given_ = "arguments" in made ? make.call("notify", notify, made) : action;
    const definition = {
      ...make.workflowOf([make.callback("ask", done, { action: given_ })]),
      ...("properties" in made && { properties: made.properties }),
    };
    const taken = given(definition).when(make.start()).and.when(make.deliver(event));
    assert.ok(taken.events.some(({ type }) => type === "EventReceived"));
  });
}

test("a wait whose URL is in an expression of its action's arguments is answered by it alone", () => {
  const asking = make.call("ask", make.http("ask"), { arguments: { to: "${ $WORKFLOW.callbackUrl }" } });
  const waiting = given(make.workflowOf([make.callback("ask", done, { action: asking })])).when(make.start());
  const ignored = waiting.and.when(make.deliver(event)).events;
  assert.deepEqual(
    ignored.flatMap((fact) => (fact.type === "EventIgnored" ? [fact.reason] : [])),
    [REASON],
  );
});
