import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionDefinition } from "@antiphon/definition";
import type { Json } from "@antiphon/protocol";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const URL = "https://antiphon.test/callbacks/i-1/1.event";

function notify(...urls: readonly string[]): FunctionDefinition {
  const operation = {
    document: "specs/notify.yaml",
    operationId: "notify",
    method: "post",
    path: "/notify",
    parameters: [],
    body: { mediaType: "application/json" },
    security: [],
    callbacks: urls.map((url, i) => ({ name: `c${i}`, url })),
  };
  return { kind: "openapi", name: "notify", operation, metadata: {} };
}

/** The arguments of a callback state's action whose operation says where its request carries the URL. */
function argumentsOf(urls: readonly string[], given_: Json | undefined, data: Json = {}): Json | undefined {
  const action = make.call("notify", notify(...urls), given_ === undefined ? {} : { arguments: given_ });
  const definition = make.workflowOf([make.callback("ask", make.consumed("done"), { action })]);
  const fact = given(definition)
    .when(make.start(data))
    .events.find(({ type }) => type === "ActionRequested");
  return fact?.type === "ActionRequested" ? fact.arguments : undefined;
}

test("the callback's URL goes where the operation's callbacks say", () => {
  assert.deepEqual(argumentsOf(["$request.body#/uri"], { id: 1 }), { id: 1, uri: URL });
  assert.deepEqual(argumentsOf(["$request.body#/reply/to"], { reply: { by: "post" } }), {
    reply: { by: "post", to: URL },
  });
  assert.deepEqual(argumentsOf(["$request.body#/a~1b/c~0d"], {}), { "a/b": { "c~d": URL } });
  assert.deepEqual(argumentsOf(["$request.query.callback"], { id: 1 }), { id: 1, callback: URL });
  assert.deepEqual(argumentsOf(["$request.header.X-Callback", "$request.path.to"], {}), { "X-Callback": URL, to: URL });
});

test("a URL that the definition gives is left alone, and so is what stands in the way", () => {
  assert.deepEqual(argumentsOf(["$request.body#/uri"], { uri: "https://mine.test" }), { uri: "https://mine.test" });
  assert.deepEqual(argumentsOf(["$request.body#/reply/to"], { reply: "no" }), { reply: "no" });
  assert.deepEqual(argumentsOf(["$request.body#/uri"], { uri: null }), { uri: URL });
});

test("a URL that is fixed, or an expression of something else, changes nothing", () => {
  assert.deepEqual(argumentsOf(["https://fixed.test", "$response.body#/uri", "$url"], { id: 1 }), { id: 1 });
});

test("without arguments the data is the body, and gets the URL", () => {
  assert.deepEqual(argumentsOf(["$request.body#/uri"], undefined, { id: 1 }), { id: 1, uri: URL });
});

test("arguments that are no object are left alone", () => {
  assert.deepEqual(argumentsOf(["$request.body#/uri"], "${ [1] }"), [1]);
});

test("expressions of a callback state can name the URL", () => {
  assert.deepEqual(argumentsOf([], { at: "$WORKFLOW.callbackUrl" }), { at: URL });
});

test("outside of a callback state nobody waits: no URL", () => {
  const action = make.call("notify", notify("$request.body#/uri"), { arguments: { at: "$WORKFLOW.callbackUrl" } });
  const { events } = given(make.workflowOf([make.operation("ask", [action])])).when(make.start());
  assert.deepEqual(events[2], {
    type: "ActionRequested",
    action: "1.notify",
    function: "notify",
    definition: make.HASH,
    arguments: { at: null },
  });
});
