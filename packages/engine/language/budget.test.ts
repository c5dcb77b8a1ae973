import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, compile, decide, evolveAll, type Input, type Instance } from "../index.ts";
import * as make from "../testing/build.ts";
import { environmentAt, given, NOW_MS } from "../testing/index.ts";
import {
  Budget,
  DECISION_BYTES_MAX,
  DECISION_LIMIT,
  DECISION_MS_MAX,
  DecisionTooLargeError,
  RUN_BYTES_MAX,
  STEPS_BEFORE_TIME,
} from "./budget.ts";

/** Some 100,000 steps. */
const COSTLY = "[range(0; 20000)] | length > 0";
const always = (condition: string, to: string) => ({ condition, next: make.to(to) });
const loop = make.workflowOf([
  make.choice("a", [always(COSTLY, "b")], { onErrors: [make.caught("java.lang.Exception", make.END)] }),
  make.choice("b", [always("true", "a")]),
]);

function errorOf(instance: Instance) {
  if (instance.status !== "faulted") assert.fail(`expected a faulted instance, found ${JSON.stringify(instance)}`);
  return { code: instance.error.code, message: instance.error.message, where: instance.error.where };
}

const tooManySteps = {
  code: DECISION_LIMIT,
  message: "expected the workflow to rest or to end within 10000000 steps of expressions, found it going on",
  where: 'state "a"',
};

test("a loop over costly expressions ends in a fault that no handler catches, and again when it is tried again", () => {
  const looped = given(loop).when(make.start());
  assert.deepEqual(errorOf(looped.instance), tooManySteps);
  assert.deepEqual(errorOf(looped.and.when(make.retrigger).instance), tooManySteps);
});

test("the steps of all that a branch does count together; of branches each may use as many", () => {
  const costly = (name: string) =>
    make.call(name, make.computed(name, `{n: (.n + 1 | if ${COSTLY} then . else 0 end)}`));
  const actions = (count: number) => Array.from({ length: count }, (_, i) => costly(`c${i}`));
  const one = given(make.workflowOf([make.parallel("fan", [make.branch("b", actions(400))])])).when(
    make.start({ n: 0 }),
  );
  assert.deepEqual(errorOf(one.instance), { ...tooManySteps, where: 'state "fan"' });
  const branches = Array.from({ length: 200 }, (_, i) => make.branch(`b${i}`, actions(1)));
  const all = given(make.workflowOf([make.parallel("fan", branches)])).when(make.start({ n: 0 }));
  assert.deepEqual(make.outcomeOf(all.instance), ["completed", { n: 1 }]);
});

/** A world in which time goes on by so much whenever it is asked for. */
function decidedBy(input: Input, before: Instance, msEachTime: number, definition = loop): Instance {
  let nowMs = 0;
  const clock = () => {
    nowMs += msEachTime;
    return nowMs;
  };
  const facts = decide(compile(definition), before, input, { ...environmentAt(NOW_MS), clock });
  return evolveAll(before, facts, NOW_MS);
}

test("an instance whose decision takes too long fails, at the state that it has come to", () => {
  assert.deepEqual(errorOf(decidedBy(make.start(), absent, 10)), {
    code: DECISION_LIMIT,
    message: `expected the workflow to rest or to end within ${DECISION_MS_MAX} ms, found it going on`,
    where: 'state "a"',
  });
});

test("a filter of the event that starts an instance counts as well: the instance is there, and has failed", () => {
  const filter = { useData: true, data: COSTLY };
  const definition = make.workflowOf([make.eventState("wait", [make.on([make.consumed("order")], [], filter)])]);
  const input = make.start({}, { event: { name: "order", event: make.cloudEvent("order", "1", {}) } });
  assert.equal(errorOf(decidedBy(input, absent, 10, definition)).code, DECISION_LIMIT);
});

test("a process that stood still in the midst of a small decision decides it all the same", () => {
  const small = make.workflowOf([make.inject("a", { n: 1 }, { output: "{n: (.n + 1)}" })]);
  const instance = decidedBy(make.start(), absent, 3_600_000, small);
  assert.deepEqual(make.outcomeOf(instance), ["completed", { n: 2 }]);
});

test("time is up one millisecond behind the limit, once there were as many steps as it takes", () => {
  const found = (steps: number, afterMs: number) => {
    let nowMs = 0;
    const budget = new Budget(() => nowMs);
    budget.allowance.use(steps);
    nowMs = afterMs;
    return budget.spent;
  };
  assert.equal(found(STEPS_BEFORE_TIME, DECISION_MS_MAX), undefined);
  assert.equal(found(STEPS_BEFORE_TIME - 1, DECISION_MS_MAX + 1), undefined);
  assert.notEqual(found(STEPS_BEFORE_TIME, DECISION_MS_MAX + 1), undefined);
});

test("facts of as many bytes as a record has room for are decided; with one more there is no decision", () => {
  for (const [length, isTooLarge] of [
    [DECISION_BYTES_MAX - 1, false],
    [DECISION_BYTES_MAX, false],
    [DECISION_BYTES_MAX + 1, true],
  ] as const) {
    const budget = new Budget(undefined);
    budget.spend(1);
    if (isTooLarge) assert.throws(() => budget.spend(length - 1), DecisionTooLargeError);
    else budget.spend(length - 1);
  }
});

test("items of which all slices together bring more than an instance may hold end in a fault", () => {
  const text = make.call("text", make.computed("text", '"\u00e4" * 200000'));
  const each = make.foreach("each", [text]);
  const list = Array.from({ length: 100 }, (_, i) => i);
  const { instance } = given(make.workflowOf([each])).when(make.start({ list }));
  assert.equal(errorOf(instance).code, "too-large");
  assert.match(errorOf(instance).message, new RegExp(`^expected at most ${RUN_BYTES_MAX} bytes of facts`));
});

test("an instance of which more follows at once than a record can hold is there, and has failed where it began", () => {
  const text = (name: string) => make.inject(name, {}, { output: `{${name}: ("\u00e4" * 400000)}` });
  const states = ["a", "b", "c", "d", "e"].map((name, i, all) => ({
    ...text(name),
    next: i + 1 < all.length ? make.to(all[i + 1] ?? "") : make.END,
  }));
  const reply = { gateway: "g", request: "r" };
  const { events, instance } = given(make.workflowOf(states)).when(make.start({}, { reply }));
  assert.deepEqual(
    events.map(({ type }) => type),
    ["InstanceStarted", "StateEntered", "InstanceFaulted"],
  );
  assert.equal(errorOf(instance).code, "too-large");
});
