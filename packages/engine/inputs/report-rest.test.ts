import assert from "node:assert/strict";
import { test } from "node:test";
import { type Input, isResting, startAnswer } from "../index.ts";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const reply = { gateway: "g", request: "r" };
const root = { instance: "p", workflow: "parent" };
const parent = { instance: "p", action: "1.ask", root, tellsRest: true } as const;
const asks = make.workflowOf([make.operation("work", [make.subflow("ask", "child")])]);
const waits = make.workflowOf([make.callback("wait", make.consumed("approved"))]);

test("an instance that somebody waits for asks its child to tell when it rests", () => {
  const tellsRest = (input: object) => {
    const { events } = given(asks).when(make.start({}, input));
    return events.some((event) => event.type === "ChildRequested" && event.tellsRest);
  };
  assert.deepEqual([tellsRest({ reply }), tellsRest({}), tellsRest({ parent })], [true, false, true]);
});

test("so does one that is tried again, moved or aborted by somebody who waits for what comes of it", () => {
  const undo = make.operation("undo", [make.subflow("undone", "child")], {
    usedForCompensation: true,
    next: { kind: "return", produce: [] },
  });
  const definition = make.workflowOf([
    make.inject("a", {}, { compensatedBy: "undo", next: make.to("work") }),
    make.operation("work", [make.subflow("ask", "child")]),
    undo,
  ]);
  const asked = given(definition).when(make.start({}));
  const move = { type: "MoveToken", instance: "i-1", to: "work" } as const;
  const failed = asked.and.when(make.failure("2.ask", "500"));
  for (const [before, input] of [
    [asked, make.abort],
    [asked, move],
    [failed, make.retrigger],
  ] as const) {
    const request = before.and.when({ ...input, reply } as Input);
    const child = request.events.find((event) => event.type === "ChildRequested");
    assert.deepEqual([child?.tellsRest, request.events.at(-1)], [true, { type: "AnswerPromised", reply }]);
    const rests = request.and.when({ type: "ReportRest", instance: "i-1", ...attemptOf(child) });
    assert.deepEqual(startAnswer(request.instance, rests.instance), reply);
    const unasked = before.and.when(input).events.find((event) => event.type === "ChildRequested");
    assert.equal(unasked?.tellsRest, undefined);
  }
});

function attemptOf(child: { readonly action: string; readonly attempt?: number } | undefined) {
  const { action = "", attempt } = child ?? {};
  return { action, ...(attempt !== undefined && { attempt }) };
}

test("a child that comes to rest says so, once", () => {
  const { tellsRest: _, ...told } = parent;
  const rested = given(waits).when(make.start({}, { parent }));
  assert.deepEqual(rested.events.at(-1), { type: "RestReported", parent: told });
  const again = rested.and.when({ type: "MergeData", instance: "i-1", data: { n: 1 } });
  assert.deepEqual(again.events, [{ type: "DataChanged", data: { n: 1 } }]);
});

test("a child that ends at once has nothing to say but its result", () => {
  const { events } = given(make.workflowOf([make.inject("a", {})])).when(make.start({}, { parent }));
  assert.deepEqual(
    events.map(({ type }) => type).filter((type) => type === "RestReported" || type === "ResultReturned"),
    ["ResultReturned"],
  );
});

test("an instance whose child rests is at rest itself, and whoever waits for that is answered", () => {
  const asked = given(asks).when(make.start({}, { reply }));
  assert.equal(isResting(asked.instance), false);
  const told = asked.and.when({ type: "ReportRest", instance: "i-1", action: "1.ask" });
  told.then({ type: "ActionRested", action: "1.ask" });
  assert.deepEqual(startAnswer(asked.instance, told.instance), reply);
  told.and.when({ type: "ReportRest", instance: "i-1", action: "1.ask" }).then();
  const done = told.and.when(make.answer("1.ask", { n: 1 }));
  assert.equal(done.instance.status, "completed");
  assert.equal(startAnswer(told.instance, done.instance), undefined);
});

test("what a child of an earlier attempt says is not heard", () => {
  const asked = given(asks).when(make.start({}, { reply }));
  asked.and.when({ type: "ReportRest", instance: "i-1", action: "1.ask", attempt: 2 }).then();
  asked.and.when({ type: "ReportRest", instance: "i-1", action: "1.other" }).then();
});
