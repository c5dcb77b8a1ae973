import assert from "node:assert/strict";
import { test } from "node:test";
import { PROBLEMS_LENGTH_MAX, PROBLEMS_MAX, Problems } from "./problems.ts";

const at = (line: number) => ({ file: "a.yaml", line, column: 1, pointer: "" });

function reported(count: number, found = "ä") {
  const problems = new Problems();
  for (let i = 1; i <= count; i += 1) problems.report(at(i), "ö", found);
  return problems.list();
}

test("as many problems are told as may be, and how many more there are", () => {
  assert.equal(reported(PROBLEMS_MAX).length, PROBLEMS_MAX);
  const all = reported(PROBLEMS_MAX + 3);
  assert.equal(all.length, PROBLEMS_MAX + 1);
  assert.deepEqual(all.at(-1), {
    ...at(PROBLEMS_MAX + 1),
    expected: `at most ${PROBLEMS_MAX} problems`,
    found: "3 more",
  });
});

test("long problems are told as long as they are together as short as they may be", () => {
  const found = "ä".repeat(PROBLEMS_LENGTH_MAX / 10 - 1);
  assert.equal(reported(10, found).at(-1)?.found, found);
  assert.deepEqual(
    reported(11, found)
      .slice(9)
      .map((problem) => problem.found),
    [found, "1 more"],
  );
  assert.deepEqual(
    reported(10, `${found}ä`)
      .slice(8)
      .map((problem) => problem.found),
    [`${found}ä`, "1 more"],
  );
  assert.equal(reported(1, "ä".repeat(PROBLEMS_LENGTH_MAX))[0]?.found, "1 more");
});

test("a misspelt name is looked for only for the first problems, as there may be many names", () => {
  const problems = new Problems();
  let asked = 0;
  const among = {
    *[Symbol.iterator]() {
      asked += 1;
      yield "order";
    },
  };
  for (let i = 1; i <= 200; i += 1) problems.report(at(i), "a name", "ordre", { name: "ordre", among });
  assert.deepEqual(
    [asked, problems.list()[99]?.suggestion, problems.list()[100]?.suggestion],
    [100, "order", undefined],
  );
});
