import assert from "node:assert/strict";
import { test } from "node:test";
import { isMachineTopic, topicLayout, topics } from "./index.ts";

test("the machine's topics are known under every prefix that a deployment may have in Kafka", () => {
  const names = [...Object.values(topics), "antiphon.topology"];
  for (const name of names) {
    for (const prefix of ["", "shop.", "shop-", "t1", "antiphon."])
      assert.ok(isMachineTopic(prefix + name), prefix + name);
  }
  assert.ok(isMachineTopic("antiphon.whatever-comes"));
  for (const name of [
    "orders",
    "antiphon",
    "antiphonX",
    "history",
    "antiphon-history",
    "antiphonxhistory",
    "antiphon.history.copy",
  ]) {
    assert.equal(isMachineTopic(name), name.startsWith("antiphon."), name);
  }
});

test("the topics whose records are folded take appended facts alone", () => {
  const factual = topicLayout(4).filter((spec) => spec.factual);
  assert.deepEqual(
    factual.map(({ name }) => name),
    [topics.history, topics.correlations],
  );
});
