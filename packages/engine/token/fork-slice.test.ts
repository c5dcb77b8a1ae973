/**
 * What is more than one decision may do is done in slices: one after the other, with whatever else comes in between. Here
 * each branch is a slice of its own, unless a test is about the size of one.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Definition } from "@antiphon/definition";
import { formatJson, type InstanceEvent, type Json } from "@antiphon/protocol";
import {
  absent,
  compile,
  decide,
  dueMs,
  evolveAll,
  type Input,
  type Instance,
  isResting,
  startAnswer,
  VISITS_PER_DECISION_MAX,
} from "../index.ts";
import { SLICE_BYTES_MAX, SLICE_MS_MAX, SLICE_STEPS_MAX, STEPS_BEFORE_SLICE_TIME } from "../language/budget.ts";
import * as make from "../testing/build.ts";
import { environmentAt, NOW_MS } from "../testing/index.ts";
import { BRANCHES_MAX } from "./fork.ts";

const reply = { gateway: "g", request: "r" };
const double = make.call("double", make.computed("double", "$item * 2"));
const increment = make.call("increment", make.computed("increment", "{n: (.n + 1)}"));
const ask = make.call("ask", make.http("service"));
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const each = (...actions: (typeof ask)[]) => make.workflowOf([make.foreach("each", actions)]);
const fan = (count: number, action = increment, more: Parameters<typeof make.parallel>[2] = {}) =>
  make.parallel(
    "fan",
    numbers(count).map((i) => make.branch(`b${i}`, [action])),
    more,
  );

/** An instance on its way, decision by decision; whatever follows is decided on what was written and read back. */
class Course {
  instance: Instance = absent;
  readonly decisions: (readonly InstanceEvent[])[] = [];
  /** How often who asked was answered. */
  answers = 0;
  readonly #workflow;
  readonly #sliceSteps: number | undefined;
  readonly #clock: (() => number) | undefined;

  constructor(definition: Definition, sliceSteps?: number, clock?: () => number) {
    this.#workflow = compile(definition);
    this.#sliceSteps = sliceSteps;
    this.#clock = clock;
  }

  take(input: Input, nowMs = NOW_MS): void {
    const sliceSteps = this.#sliceSteps;
    const clock = this.#clock;
    const env = { ...environmentAt(nowMs), ...(sliceSteps !== undefined && { sliceSteps }), ...(clock && { clock }) };
    const before = this.instance;
    const events = decide(this.#workflow, before, input, env);
    this.instance = JSON.parse(formatJson(evolveAll(before, events, nowMs) as unknown as Json)) as Instance;
    if (startAnswer(before, this.instance) !== undefined) this.answers += 1;
    this.decisions.push(events);
  }

  /** Goes on for as long as it is due, and has not decided so often. */
  goOn(times = 100_000, nowMs = NOW_MS): this {
    for (let i = 0; i < times && "slice" in this.instance; i++) {
      assert.equal(dueMs(this.instance), NOW_MS);
      assert.equal(isResting(this.instance), false);
      this.take(make.reachTime, nowMs);
    }
    return this;
  }

  get facts(): readonly InstanceEvent[] {
    return this.decisions.flat();
  }

  count(type: InstanceEvent["type"]): number {
    return this.facts.filter((fact) => fact.type === type).length;
  }
}

/** What it comes to in slices of one branch each. */
function sliced(definition: Definition, data: Json = {}, times?: number): Course {
  const course = new Course(definition, 1);
  course.take(make.start(data, { reply }));
  return course.goOn(times);
}

test(`a list of ${BRANCHES_MAX} items that are through at once is decided in slices, none larger than it may be`, () => {
  const list = numbers(BRANCHES_MAX);
  const course = new Course(each(double));
  course.take(make.start({ list }, { reply }));
  course.goOn();
  assert.deepEqual(make.outcomeOf(course.instance), ["completed", { list, out: list.map((n) => n * 2) }]);
  assert.equal(course.answers, 1);
  const lengths = course.decisions.slice(1, -1).map((facts) => formatJson(facts as unknown as Json).length);
  assert.ok(lengths.length >= 5, `${lengths.length} slices`);
  assert.ok(Math.max(...lengths) < SLICE_BYTES_MAX * 1.2, `${Math.max(...lengths)} characters`);
});

describe("in slices the same is decided as at once:", () => {
  const cases: Readonly<Record<string, readonly [Definition, Json]>> = {
    "items, one after the other": [each(double), { list: numbers(7) }],
    "items, some at a time": [
      make.workflowOf([make.foreach("each", [double], { batchSize: 3 })]),
      { list: numbers(7) },
    ],
    "items, side by side": [
      make.workflowOf([make.foreach("each", [double], { mode: "parallel" })]),
      { list: numbers(7) },
    ],
    "branches on copies": [make.workflowOf([fan(5)]), { n: 1 }],
    "enough of some branches": [make.workflowOf([fan(5, increment, { atLeast: 2 })]), { n: 1 }],
    "actions of a state": [
      make.workflowOf([
        make.operation(
          "all",
          numbers(4).map((i) => ({ ...make.call(`a${i}`, make.computed(`a${i}`, `{a${i}: .n}`)) })),
          { actionMode: "parallel" },
        ),
      ]),
      { n: 1 },
    ],
    "an item that fails": [
      each(make.call("fail", make.computed("fail", 'if $item == 3 then error("no") else $item end'))),
      { list: numbers(7) },
    ],
    "an item that fails, which is caught": [
      make.workflowOf([
        make.foreach("each", [make.call("fail", make.computed("fail", 'if $item == 3 then error("no") else 1 end'))], {
          onErrors: [make.caught("java.lang.Exception", make.to("after"))],
        }),
        make.inject("after", { caught: true }),
      ]),
      { list: numbers(7) },
    ],
  };
  for (const [name, [definition, data]] of Object.entries(cases)) {
    test(name, () => {
      const whole = new Course(definition);
      whole.take(make.start(data, { reply }));
      const parts = sliced(definition, data);
      assert.ok(parts.decisions.length > 3, `${parts.decisions.length} decisions`);
      assert.equal(formatJson(parts.instance as unknown as Json), formatJson(whole.instance as unknown as Json));
      const work = ({ facts }: Course) => facts.filter((fact) => !("timer" in fact) && fact.type !== "TokenMoved");
      assert.deepEqual(work(parts), work(whole));
      assert.equal(parts.answers, 1);
    });
  }
});

describe("between two slices", () => {
  test("an answer is taken in, and no further branch begins by it", () => {
    const course = sliced(make.workflowOf([fan(5, ask)]), {}, 7);
    const begun = course.count("ActionRequested");
    assert.equal(begun, 3);
    course.take(make.answer("1.branch[1].ask", { one: 1 }));
    assert.equal(course.count("ActionRequested"), begun);
    assert.equal(course.answers, 0);
    course.goOn();
    assert.equal(course.count("ActionRequested"), 5);
    for (const i of [0, 2, 3, 4]) course.take(make.answer(`1.branch[${i}].ask`, {}));
    assert.deepEqual(make.outcomeOf(course.goOn().instance), ["completed", { one: 1 }]);
  });

  test("enough answers end the others, those that have not begun to run among them", () => {
    const course = sliced(make.workflowOf([fan(5, ask, { atLeast: 1 })]), {}, 7);
    course.take(make.answer("1.branch[1].ask", { one: 1 }));
    assert.deepEqual(make.outcomeOf(course.goOn().instance), ["completed", { one: 1 }]);
    assert.equal(course.count("ActionRequested"), 3);
  });

  test("an abort ends the instance, and nothing goes on", () => {
    const course = sliced(each(double), { list: numbers(7) }, 3);
    course.take(make.abort);
    assert.deepEqual([course.instance.status, dueMs(course.instance)], ["aborted", undefined]);
    const { length } = course.facts;
    course.take(make.reachTime);
    assert.equal(course.facts.length, length);
  });

  test("a time that is up ends its state", () => {
    const state = make.foreach("each", [double], {
      timeout: { total: "PT5S" },
      onErrors: [make.caught("java.lang.Exception", make.to("late"))],
    });
    const course = sliced(make.workflowOf([state, make.inject("late", { late: true })]), { list: numbers(7) }, 2);
    // The slice is due before.
    course.take(make.reachTime, NOW_MS + 60_000);
    course.take(make.reachTime, NOW_MS + 60_000);
    assert.deepEqual(make.outcomeOf(course.instance), ["completed", { list: numbers(7), late: true }]);
    assert.equal("slice" in course.instance, false);
  });

  test("an instance that fails is begun anew where it was, and what is through is not done again", () => {
    const course = sliced(make.workflowOf([fan(5, ask)]), {}, 7);
    course.take(make.failure("1.branch[0].ask", "500"));
    assert.deepEqual([course.instance.status, "slice" in course.instance], ["faulted", false]);
    assert.equal(course.answers, 1);
    course.take(make.retrigger);
    course.goOn();
    const asked = course.facts.flatMap((fact) => (fact.type === "ActionRequested" ? [fact.action.at(9)] : []));
    assert.equal(asked.join(""), "01201234");
    for (const i of numbers(5)) course.take(make.answer(`1.branch[${i}].ask`, {}, undefined, i < 3 ? 2 : 1));
    assert.equal(course.goOn().instance.status, "completed");
  });
});

test("a loop through states that are decided in slices is a loop all the same", () => {
  const loop = make.workflowOf([
    make.foreach("each", [double], { next: make.to("again") }),
    make.inject("again", {}, { next: make.to("each") }),
  ]);
  const course = sliced(loop, { list: [1, 2] });
  assert.equal(course.instance.status === "faulted" && course.instance.error.code, "too-many-states");
  assert.equal(course.count("StateEntered"), VISITS_PER_DECISION_MAX + 1);
});

test("a slice ends behind the branch with which it has used its steps, or its time, and not before", () => {
  const branchesIn = (sliceSteps: number, clock?: () => number) => {
    const course = new Course(each(double), sliceSteps, clock);
    course.take(make.start({ list: numbers(200) }));
    return course.count("BranchEnded");
  };
  assert.deepEqual([branchesIn(1), branchesIn(SLICE_STEPS_MAX)], [1, 200]);
  const some = branchesIn(STEPS_BEFORE_SLICE_TIME);
  assert.ok(some > 10 && some < 100, `${some} branches`);
  // As many steps as make time count.
  const until = (ms: number) => {
    let asked = 0;
    return branchesIn(SLICE_STEPS_MAX, () => (asked++ === 0 ? 0 : ms));
  };
  assert.deepEqual([until(SLICE_MS_MAX), until(SLICE_MS_MAX + 1)], [200, some]);
});
