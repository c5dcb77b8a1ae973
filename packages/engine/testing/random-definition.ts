import type { Action, Branch, Definition, Next, OnError, Retry, State } from "@antiphon/definition";
import fc from "fast-check";
import * as make from "./build.ts";

/** Types of events that random definitions wait for, and that random histories bring. */
export const AWAITED = {
  approved: make.consumed("approved", { metadata: { bufferFor: "PT2M" } }),
  paid: make.consumed("paid", { correlation: [{ name: "orderid" }] }),
  shipped: make.consumed("shipped", { dataOnly: false, correlation: [{ name: "leg", value: "1" }] }),
} as const;

const told = {
  event: make.consumed("told", { kind: "produced" }),
  data: { n: ".n" },
  contextAttributes: { leg: ".n" },
} as const;

const event = fc.constantFrom(...Object.values(AWAITED));
const some = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 3 });
/** As it is, or, more often, not at all. */
function perhaps<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: one });
}

/** Most times what works. */
function mostly<T>(works: T, fails: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(works) }, { weight: 1, arbitrary: fc.constant(fails) });
}

const call = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(functionCall("service"), functionCall("lenient", { failOnStatusCode: false })),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Action["call"]>(
      make.call("a", make.computed("more", "{n: ((.n // 0) + 1)}")).call,
      make.call("a", make.computed("fails", ".n | keys")).call,
      make.call("a", { kind: "sysout", name: "log", level: "info", metadata: {} }, { arguments: { message: ".n" } })
        .call,
      { kind: "produce", produce: told },
      { kind: "produce", produce: told, result: { event: AWAITED.approved, timeout: "PT5S" } },
      { kind: "produce", produce: told, result: { event: AWAITED.paid } },
      { kind: "subflow", workflow: "child", onParentComplete: "terminate" },
      { kind: "subflow", workflow: "child", async: true, onParentComplete: "terminate" },
      { kind: "subflow", workflow: "child", async: true, onParentComplete: "continue" },
      { kind: "function", function: make.http("service"), async: true },
    ),
  },
);

function functionCall(name: string, metadata = {}): Action["call"] {
  return make.call("a", make.http(name, metadata)).call;
}

const retry: fc.Arbitrary<Retry> = fc
  .record({
    delay: fc.constantFrom("PT0S", "PT1S", "PT10S"),
    multiplier: fc.constantFrom(1, 2),
    maxAttempts: fc.constantFrom<number | string>(1, 2, "${ .n }"),
    jitter: fc.constantFrom<number | string>(0, 0.5, "PT1S"),
  })
  .map((strategy) => make.retry(strategy, { nonRetryable: [{ name: "no", code: "HTTP:404" }] }));

const actionLike = fc.record({
  call,
  condition: perhaps(mostly(".n != 2", ".n | keys")),
  sleepBefore: perhaps(fc.constant("PT1S")),
  sleepAfter: perhaps(mostly("PT1S", ".sleep")),
  timeout: perhaps(fc.constantFrom("PT1S", "PT10S")),
  retry: perhaps(retry),
  fromStateData: perhaps(fc.constant("{n: .n}")),
  useResults: fc.constantFrom(true, true, true, false),
  results: perhaps(mostly("{n: .n}", ".n | keys")),
  toStateData: perhaps(fc.constant(".to")),
});

const actions: fc.Arbitrary<readonly Action[]> = fc
  .array(actionLike, { maxLength: 3 })
  .map((all) => all.map((one, i) => ({ name: `a${i}`, ...present(one) })));

const branches: fc.Arbitrary<readonly Branch[]> = some(
  fc.record({ actions, timeout: perhaps(fc.constantFrom("PT1S", "PT10S")) }),
).map((all) => all.map((one, i) => ({ name: `b${i}`, ...present(one) })));

/** The states of a definition, and of them those that undo something. */
const NAMES = ["s0", "s1", "s2", "s3"] as const;
const UNDOING = ["u0", "u1"] as const;

const next: fc.Arbitrary<Next> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...NAMES).map((to) => make.to(to)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Next>(
      make.END,
      { kind: "end", terminate: true, produce: [told] },
      { kind: "end", terminate: false, produce: [], compensate: true },
      { kind: "end", terminate: false, produce: [], continueAs: { workflow: "other", data: ".n" } },
      { ...make.to("s1", told), compensate: true } as Next,
    ),
  },
);

function onErrors(way: fc.Arbitrary<Next>): fc.Arbitrary<readonly OnError[]> {
  const code = fc.constantFrom("TimedOut", "HTTP:500", "java.lang.Exception");
  return fc.array(fc.tuple(code, way), { maxLength: 2 }).map((all) => all.map(([one, to]) => make.caught(one, to)));
}

const common = fc.record({
  onErrors: onErrors(next),
  input: perhaps(fc.constantFrom(".", "{n: .n}")),
  output: perhaps(mostly("{n: .n, x: 1}", ".n | keys")),
  timeout: perhaps(fc.constantFrom({ total: "PT20S" }, { total: "PT20S", single: "PT5S" })),
  compensatedBy: perhaps(fc.constantFrom(...UNDOING)),
  metadata: fc.constantFrom({}, {}, {}, { errorMessage: "${ .problem }" }),
});
const eventTimeout = perhaps(fc.constantFrom("PT5S", "PT30S"));
const actionMode = fc.constantFrom("sequential", "parallel");
const onEvents = some(fc.tuple(some(event), actions, actionMode)).map((all) =>
  all.map(([events, acting, mode]) => ({ ...make.on(unique(events), acting), actionMode: mode })),
);
const filter = fc.constantFrom(make.useAll, { useData: false }, { useData: true, data: ".n", toStateData: ".took" });

type Named = (name: string) => State;

const state: fc.Arbitrary<Named> = fc.oneof(
  next.map(
    (to): Named =>
      (name) =>
        make.inject(name, { n: 1 }, { next: to }),
  ),
  fc.record({ actions, actionMode, next }).map(
    (of): Named =>
      (name) =>
        make.operation(name, of.actions, of),
  ),
  fc.record({ event, eventFilter: filter, eventTimeout, action: perhaps(actions.map(([one]) => one)), next }).map(
    (of): Named =>
      (name) =>
        make.callback(name, of.event, present(of)),
  ),
  fc.record({ onEvents, exclusive: fc.boolean(), eventTimeout, next }).map(
    (of): Named =>
      (name) =>
        make.eventState(name, of.onEvents, present(of)),
  ),
  fc.tuple(next, next, perhaps(next)).map(
    ([a, b, c]): Named =>
      (name) =>
        make.choice(
          name,
          [
            { condition: ".n == 1", next: a },
            { condition: ".n | length == 2", next: b },
          ],
          c && { otherwise: c },
        ),
  ),
  fc.tuple(some(fc.tuple(event, next, filter)), eventTimeout, perhaps(next)).map(
    ([all, timeout, c]): Named =>
      (name) =>
        make.eventChoice(name, all, { ...(timeout && { eventTimeout: timeout }), ...(c && { otherwise: c }) }),
  ),
  fc.record({ branches, atLeast: perhaps(fc.constantFrom<number | string>(0, 1, 2, "${ .n }")), next }).map(
    (of): Named =>
      (name) =>
        make.parallel(name, of.branches, present(of)),
  ),
  fc
    .record({
      actions,
      mode: actionMode,
      inputCollection: fc.constantFrom("[1, 2, 3]", ".list", ".n", "[range(7)]"),
      batchSize: perhaps(fc.constantFrom<number | string>(2, ".n")),
      next,
    })
    .map(
      (of): Named =>
        (name) =>
          make.foreach(name, of.actions, present(of)),
    ),
  fc.tuple(fc.constantFrom("PT0S", "PT10S", "${ .sleep }"), next).map(
    ([duration, to]): Named =>
      (name) => {
        return make.sleep(name, duration, { next: to });
      },
  ),
);

const undoing: fc.Arbitrary<Named> = fc
  .record({
    actions,
    actionMode,
    next: fc.constantFrom<Next>({ kind: "return", produce: [] }, make.to("u1")),
    onErrors: onErrors(fc.constant<Next>({ kind: "return", produce: [] })),
  })
  .map(
    (of): Named =>
      (name) =>
        make.operation(name, of.actions, { ...of, usedForCompensation: true }),
  );

/** Definitions with states of every kind, most of which can come to an end. */
export const randomDefinition: fc.Arbitrary<Definition> = fc
  .record({
    states: fc.tuple(...NAMES.map(() => fc.tuple(state, common))),
    undoing: fc.tuple(...UNDOING.map(() => undoing)),
    keepActive: fc.constantFrom(false, false, true),
    timeout: perhaps(
      fc.record({
        duration: fc.constantFrom("PT1M", "${ .sleep }"),
        interrupt: fc.boolean(),
        runBefore: perhaps(fc.constantFrom(...NAMES)),
      }),
    ),
    reads: fc.boolean(),
    loops: fc.nat(20).map((n) => n === 0),
  })
  .map(({ states, undoing: undo, timeout, keepActive, reads, loops }) => {
    const made = states.map(([one, shared], i) => ({ ...one(NAMES[i] ?? ""), ...present(shared) }));
    const forward = made.map((one, i) => (loops ? one : onward(one, i)));
    // Its use anywhere makes instances keep what the last action brought.
    const reading = reads ? [make.inject("reading", {}, { output: "$WORKFLOW.prevActionResult" })] : [];
    const all = [...forward, ...undo.map((one, i) => one(UNDOING[i] ?? "")), ...reading] as State[];
    return make.workflowOf(all, { keepActive, ...(timeout && { timeout: present(timeout) }) });
  });

/** A state whose ways lead to later states only, so that it comes to an end. */
function onward<T extends object>(state: T, place: number): T {
  const later = NAMES[place + 1];
  return JSON.parse(JSON.stringify(state), (_, value) => {
    if (value?.kind !== "transition" || NAMES.indexOf(value.to) > place) return value;
    return later === undefined ? make.END : { ...value, to: later };
  });
}

function unique<T>(all: readonly T[]): readonly T[] {
  return [...new Set(all)];
}

/** Without the members that are undefined. */
function present<T extends object>(of: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const entries = Object.entries(of).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]: Exclude<T[Name], undefined> };
}
