import assert from "node:assert/strict";
import { test } from "node:test";
import { kafkaName, TOPIC_NAME_MAX, topicNameProblem } from "./names.ts";

test("topics of the machine stand under the deployment's prefix, those of others are named as they are", () => {
  assert.equal(kafkaName("antiphon.history", "shop-"), "shop-antiphon.history");
  assert.equal(kafkaName("orders", "shop-"), "orders");
});

test("a topic's name has letters, digits, points, underscores and hyphens, and is neither too long nor a path", () => {
  for (const name of ["order.placed", "A_b-9", "...", "x".repeat(TOPIC_NAME_MAX)]) {
    assert.equal(topicNameProblem(name), undefined, name);
  }
  for (const name of ["urn:acme:settled", "a b", "über", "a/b", "", ".", "..", "x".repeat(TOPIC_NAME_MAX + 1), "a\n"]) {
    assert.match(topicNameProblem(name) ?? "", /^a topic's name as Kafka has them/, name);
  }
});

test("the brokers' own topics are nobody else's", () => {
  for (const name of ["__consumer_offsets", "__transaction_state", "__share_group_state"]) {
    assert.equal(topicNameProblem(name), "a topic that is not one of the brokers' own");
  }
  assert.equal(topicNameProblem("__debezium-heartbeat.shop"), undefined);
});
