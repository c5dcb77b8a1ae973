import assert from "node:assert/strict";
import { test } from "node:test";
import { readArguments } from "./read-arguments.ts";

test("a run without arguments takes five minutes on Kafka, with the seed that it is given", () => {
  assert.deepEqual(readArguments([], 7), { deployment: "kafka", seed: 7, minutes: 5 });
});

test("a run is as long, as seeded and where the arguments say", () => {
  const args = ["--minutes", "0.5", "--seed", "12", "--deployment", "embedded"];
  assert.deepEqual(readArguments(args, 7), { deployment: "embedded", seed: 12, minutes: 0.5 });
});

test("wrong arguments are answered with what was expected and what was found", () => {
  const wrong = {
    "--minutes 11": '--minutes: expected a number above 0, at most 10, found "11"',
    "--minutes 0": '--minutes: expected a number above 0, at most 10, found "0"',
    "--minutes=": '--minutes: expected a number above 0, at most 10, found ""',
    "--seed 1.5": '--seed: expected a whole number, found "1.5"',
    "--deployment redis": '--deployment: expected kafka or embedded, found "redis"',
    "--on kafka": "expected --minutes, --seed, --deployment, each with a value, found --on kafka",
    "--seed": "expected --minutes, --seed, --deployment, each with a value, found --seed",
  };
  for (const [args, message] of Object.entries(wrong)) {
    assert.throws(() => readArguments(args.split(" "), 7), { message });
  }
});
