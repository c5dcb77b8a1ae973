import assert from "node:assert/strict";
import { test } from "node:test";
import { readArguments } from "./read-arguments.ts";

test("seeds are run from the first on unless told otherwise", () => {
  assert.deepEqual(readArguments([]), { from: 1, count: 500 });
  assert.deepEqual(readArguments(["--seeds", "20", "--from", "301"]), { from: 301, count: 20 });
});

test("one seed is run alone, and told if asked for", () => {
  assert.deepEqual(readArguments(["--seed", "4711"]), { seed: 4711, trace: false });
  assert.deepEqual(readArguments(["--seed", "4711", "--trace"]), { seed: 4711, trace: true });
});

test("a mutant goes by a part of its name", () => {
  assert.deepEqual(readArguments(["--seed", "1", "--mutant", "dispatcher commits"]), {
    seed: 1,
    trace: false,
    mutant: "a dispatcher commits its position before its requests are done",
  });
});

const WRONG: readonly (readonly [args: string, message: RegExp])[] = [
  ["--seeds many", /--seeds: expected a whole number of up to nine digits, found "many"/],
  ["--seeds 0", /--seeds: expected one or more, found 0/],
  ["--seeds 9 --from -1", /expected --seeds N .*; found --seeds 9 --from -1/],
  ["--from 1.5", /--from: expected a whole number of up to nine digits, found "1\.5"/],
  ["--seed", /expected --seeds N .*; found --seed/],
  ["--seed 1 --seeds 2", /--seed: expected --seeds N .*; found it beside the other/],
  ["--trace", /--trace: expected .*; found it without --seed/],
  ["--speed 3", /expected --seeds N .*; found --speed 3/],
  ["17", /expected --seeds N .*; found 17/],
  ["--mutant nobody", /--mutant: expected a part of one of these names, found "nobody":\n {2}a processor/],
];

for (const [args, message] of WRONG) {
  test(`what is wrong is said of: ${args}`, () => {
    assert.throws(() => readArguments(args.split(" ")), message);
  });
}
