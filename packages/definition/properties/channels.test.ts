import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsIn } from "../testing/read-text.ts";
import { readConfiguration } from "./configuration.ts";
import { destinationOf, incomingPath, incomingTopics } from "./destination.ts";

function configured(text: string, env: Readonly<Record<string, string>> = {}) {
  return readConfiguration("w.sw.json", new Map([["application.properties", text]]), env);
}

const topics = (text: string, type = "order.paid") => incomingTopics(configured(text), type);
const destination = (text: string, type = "order.paid") => destinationOf(configured(text), type);

test("without configuration the topic is the event's type, in and out", () => {
  assert.deepEqual(topics(""), ["order.paid"]);
  assert.deepEqual(destination(""), { topic: "order.paid" });
  assert.deepEqual(topics("mp.messaging.incoming.order.paid.late.topic=other"), ["order.paid"]);
});

test("a channel named like the type wins over an assigned one, and that over the common one", () => {
  const common = "mp.messaging.incoming.kogito_incoming_stream.topic=all\n";
  const assigned = `${common}kogito.addon.messaging.incoming.trigger.order.paid=money\n`;
  assert.deepEqual(topics(common), ["all"]);
  assert.deepEqual(topics(assigned), ["money"]);
  assert.deepEqual(topics(`${assigned}mp.messaging.incoming.money.topic=payments`), ["payments"]);
  assert.deepEqual(topics(`${assigned}mp.messaging.incoming.order.paid.connector=smallrye-kafka`), ["order.paid"]);
  assert.deepEqual(topics(`${assigned}mp.messaging.incoming."order.paid".topic=quoted`), ["quoted"]);
  assert.deepEqual(topics(`${assigned}mp.messaging.incoming.order.paid.group.id=g`), ["order.paid"]);
});

test("a renamed common channel without a topic gives its name", () => {
  const renamed = "kogito.addon.messaging.outgoing.defaultName=bus\nmp.messaging.outgoing.bus.connector=smallrye-kafka";
  assert.deepEqual(destination(renamed), { topic: "bus", channel: "bus" });
  assert.deepEqual(topics(renamed), ["order.paid"]);
});

test("a channel may take events from several topics", () => {
  assert.deepEqual(topics("mp.messaging.incoming.order.paid.topics=a, b"), ["a", "b"]);
});

test("a channel over HTTP has no topic, so the event's type stands in, and its method and path are told", () => {
  const common = "mp.messaging.incoming.kogito_incoming_stream.connector=quarkus-http\n";
  assert.deepEqual(topics(common), ["order.paid"]);
  assert.equal(incomingPath(configured(common), "order.paid"), undefined);
  const withPath = configured(`${common}mp.messaging.incoming.kogito_incoming_stream.path=in/`);
  assert.equal(incomingPath(withPath, "order.paid"), "POST /in");
  const put = configured("mp.messaging.incoming.order.paid.path=/in\nmp.messaging.incoming.order.paid.method=put");
  assert.equal(incomingPath(put, "order.paid"), "PUT /in");
});

test("a channel may be configured by the environment alone", () => {
  const env = { MP_MESSAGING_INCOMING_ORDER_PAID_TOPIC: "payments" };
  assert.deepEqual(incomingTopics(configured("", env), "order.paid"), ["payments"]);
});

const HTTP = "mp.messaging.outgoing.order.paid.connector=quarkus-http\n";

test("a channel over HTTP sends to its URL, which the environment may fill in", () => {
  const url = `${HTTP}mp.messaging.outgoing.order.paid.url=\${K_SINK:http://localhost:9090}`;
  assert.deepEqual(destination(url), { topic: "order.paid", channel: "order.paid", sink: "http://localhost:9090" });
  const filled = destinationOf(configured(url, { K_SINK: "http://broker/a" }), "order.paid");
  assert.deepEqual(filled, { topic: "order.paid", channel: "order.paid", sink: "http://broker/a" });
  const bare = "mp.messaging.outgoing.kogito_outgoing_stream.url=http://sink";
  assert.deepEqual(destination(bare), { topic: "order.paid", channel: "kogito_outgoing_stream", sink: "http://sink" });
});

test("a channel over HTTP without a usable URL counts as none", () => {
  for (const text of [HTTP, `${HTTP}mp.messaging.outgoing.order.paid.url=\${K_SINK}`]) {
    assert.deepEqual(destination(text), { topic: "order.paid" });
  }
});

test("the content mode is the channel's, else the common one, in whatever case", () => {
  const mode = "kogito.addon.messaging.outgoing.cloudEventMode";
  const channel = "mp.messaging.outgoing.order.paid.topic=t\n";
  assert.deepEqual(destination(`${mode}=Binary`), { topic: "order.paid", mode: "binary" });
  const both = `${channel}${mode}=binary\n${mode}.order.paid=STRUCTURED`;
  assert.deepEqual(destination(both), { topic: "t", channel: "order.paid", mode: "structured" });
  assert.deepEqual(destination(`${channel}${mode}=odd`), { topic: "t", channel: "order.paid" });
});

test("events that are not CloudEvents are their data alone", () => {
  assert.deepEqual(destination("kogito.messaging.as-cloudevents=false"), { topic: "order.paid", mode: "data" });
});

const WORKFLOW = `
id: w
start: s
events: [{ name: paid, type: order.paid, source: "" }, { name: told, type: told, source: "", kind: produced }]
states: [{ name: s, type: callback, eventRef: paid, end: { produceEvents: [{ eventRef: told }] } }]`;

test("a channel whose values are not JSON is refused where it is configured", () => {
  const text = [
    "mp.messaging.incoming.order.paid.value.deserializer=io.confluent.kafka.serializers.KafkaAvroDeserializer",
    "kogito.addon.messaging.marshaller.told=java",
    "mp.messaging.outgoing.told.value.serializer=org.apache.kafka.common.serialization.StringSerializer",
    "mp.messaging.incoming.unused.value.deserializer=io.confluent.kafka.serializers.KafkaAvroDeserializer",
  ].join("\n");
  assert.deepEqual(problemsIn(WORKFLOW, { files: { "application.properties": text } }), [
    'application.properties:1:1: expected a deserializer of JSON or text as "mp.messaging.incoming.order.paid.value.deserializer", found "io.confluent.kafka.serializers.KafkaAvroDeserializer"',
    'application.properties:2:1: expected the marshaller "json" as "kogito.addon.messaging.marshaller.told", found "java"',
  ]);
});

test("a channel of an AsyncAPI document has its own topic, whatever the common channel is, and its own configuration wins", () => {
  const functions = {
    f: { name: "f", kind: "asyncapi", direction: "send", channel: "shop.orders", metadata: {} },
  } as const;
  const at = (text: string) => ({ ...configured(text), functions });
  const common = [
    "mp.messaging.outgoing.kogito_outgoing_stream.topic=all",
    "mp.messaging.incoming.kogito_incoming_stream.topic=everything",
  ].join("\n");
  assert.deepEqual(destinationOf(at(common), "shop.orders"), { topic: "shop.orders", channel: "shop.orders" });
  assert.deepEqual(destinationOf(at(common), "order.paid"), { topic: "all", channel: "kogito_outgoing_stream" });
  assert.deepEqual(incomingTopics(at(common), "shop.orders"), ["shop.orders", "everything"]);
  const own = `${common}\nmp.messaging.outgoing.shop.orders.topic=mine\nmp.messaging.incoming.shop.orders.topic=yours`;
  assert.deepEqual(destinationOf(at(own), "shop.orders"), { topic: "mine", channel: "shop.orders" });
  assert.deepEqual(incomingTopics(at(own), "shop.orders"), ["yours"]);
});

test("the mode of the common channel counts where there is no channel, and the deployment's sink takes events", () => {
  const key = "kogito.addon.messaging.outgoing";
  assert.deepEqual(destination(`${key}.cloudEventMode.kogito_outgoing_stream=structured`), {
    topic: "order.paid",
    mode: "structured",
  });
  assert.deepEqual(destination(`${key}.defaultName=all\n${key}.cloudEventMode.all=binary`), {
    topic: "order.paid",
    mode: "binary",
  });
});
