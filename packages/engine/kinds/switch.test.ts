import assert from "node:assert/strict";
import { test } from "node:test";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const conditions = [
  { condition: ".n > 10", next: make.to("big") },
  { condition: "${ .n > 5 }", next: make.to("middle") },
];
const ends = ["big", "middle", "small"].map((size) => make.inject(size, { size }));
const choosing = (more: Parameters<typeof make.choice>[2] = {}) =>
  make.workflowOf([make.choice("choose", conditions, more), ...ends]);

test("a switch takes the first condition that holds, else the default", () => {
  const definition = choosing({ otherwise: make.to("small") });
  const sizes = [11, 6, 1].map((n) => {
    const { instance } = given(definition).when(make.start({ n }));
    return instance.status === "completed" && instance.data;
  });
  assert.deepEqual(sizes, [
    { n: 11, size: "big" },
    { n: 6, size: "middle" },
    { n: 1, size: "small" },
  ]);
});

test("a switch where nothing holds and no default stands is an error of the workflow", () => {
  given(choosing())
    .when(make.start({ n: 1 }))
    .then(
      make.started({ n: 1 }),
      { type: "StateEntered", state: "choose", visit: 1 },
      { type: "TokenMoved", step: "choose" },
      {
        type: "InstanceFaulted",
        error: {
          code: "no-condition",
          message: 'expected one of the conditions to hold, found none that does for {"n":1}',
          classes: ["java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception"],
          where: 'state "choose"',
        },
      },
    );
});

test("a condition that fails goes to onErrors", () => {
  const failing = make.choice("choose", [{ condition: ".n | keys", next: make.to("big") }], {
    onErrors: [make.caught("java.lang.Exception", make.to("small"))],
  });
  const { instance } = given(make.workflowOf([failing, ...ends])).when(make.start({ n: 1 }));
  assert.deepEqual(instance, { ...instance, status: "completed", data: { n: 1, size: "small" } });
});

test("a condition that is no expression, as SonataFlow deploys one, is an error where it is reached, and not before", () => {
  const definition = make.workflowOf([
    make.choice("first", [{ condition: ".go", next: make.to("second") }], { otherwise: make.END }),
    make.choice("second", [{ condition: "a === b", next: make.END }], { otherwise: make.END }),
  ]);
  assert.equal(given(definition).when(make.start({ go: false })).instance.status, "completed");
  const { instance } = given(definition).when(make.start({ go: true }));
  assert.match(
    instance.status === "faulted" ? instance.error.message : "",
    /"a === b": it is no expression: found '=', expected .* \(line 1, column 5\)$/,
  );
});
