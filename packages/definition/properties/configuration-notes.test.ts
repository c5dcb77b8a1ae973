import assert from "node:assert/strict";
import { test } from "node:test";
import { configurationNotes } from "./configuration-notes.ts";

function notes(text: string, more: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}) {
  const files = { "w.sw.json": "{}", "application.properties": text, ...more };
  return configurationNotes([{ path: "w.sw.json", files }], env).map(({ line, message }) => `${line}: ${message}`);
}

test("a key that is understood, or that is for the JVM, is not spoken of", () => {
  const text = `
mp.messaging.incoming.order.paid.connector=smallrye-kafka
mp.messaging.incoming."order.paid".topic=orders
mp.messaging.incoming.order.paid.group.id=g
mp.messaging.outgoing.x.url=http://sink
kogito.addon.messaging.incoming.trigger.order.paid=money
kogito.sw.functions.add.host=localhost
quarkus.rest-client."order.yaml".url=http://orders
quarkus.openapi-generator.order_yaml.auth.basic.username=me
quarkus.native.native-image-xmx=8g
quarkus.http.cors.origins=*
quarkus.mongodb.devservices.enabled=false
kogito.persistence.type=jdbc
`;
  assert.deepEqual(notes(text), []);
});

test("a key that is not understood is named once, with what was perhaps meant", () => {
  const text = "a=1\na=2\nkogito.messaging.as-cloudevent=false\nmp.messaging.incoming.wait.pth=/x";
  assert.deepEqual(notes(text), [
    '2: property "a" is not understood',
    '3: property "kogito.messaging.as-cloudevent" is not understood; did you mean "kogito.messaging.as-cloudevents"?',
    '4: property "mp.messaging.incoming.wait.pth" is not understood',
  ]);
});

test("a key that has something else in its place says what", () => {
  const text = "quarkus.http.port=9\nkafka.bootstrap.servers=b:1\norg.acme.Api/call/Retry/maxRetries=3";
  assert.deepEqual(notes(text), [
    '1: property "quarkus.http.port" does nothing here: ANTIPHON_PORT sets the port',
    '2: property "kafka.bootstrap.servers" does nothing here: ANTIPHON_KAFKA_BROKERS names the brokers',
    '3: property "org.acme.Api/call/Retry/maxRetries" does nothing here: retries and timeouts of the definition do this',
  ]);
});

test("a key as long as it gets is looked at in no time", () => {
  const key = `mp.messaging.incoming.${"a.".repeat(10_000)}x`;
  assert.deepEqual(notes(`${key}=1`), [`1: property ${JSON.stringify(key)} is not understood`]);
  const short = `mp.messaging.incoming.${"a.".repeat(480)}x`;
  assert.deepEqual(notes(`${short}=1`), [`1: property ${JSON.stringify(short)} is not understood`]);
});

test("what a definition reads as a secret, or another value takes in, is understood", () => {
  const text = "my.pass=1\nmy.other=2\nmy.third=3\nbase=http://b\nkogito.service.url=${base}/x\nleft=1";
  const workflow = JSON.stringify({ a: "${ $SECRET.my.pass }", b: '$SECRET."my.other"', c: '$SECRET["my.third"]' });
  assert.deepEqual(notes(text, { "w.sw.json": workflow }), ['6: property "left" is not understood']);
});

test("keys of other profiles are let be", () => {
  assert.deepEqual(notes("%dev.a=1\n%prod.b=1"), ['2: property "b" is not understood']);
  assert.deepEqual(notes("%dev.a=1\n%prod.b=1", {}, { QUARKUS_PROFILE: "dev" }), ['1: property "a" is not understood']);
});

test("a file that several workflows share is spoken of once", () => {
  const files = { "application.properties": "a=1" };
  const bundles = ["v.sw.json", "w.sw.json"].map((path) => ({ path, files: { ...files, [path]: "{}" } }));
  assert.equal(configurationNotes(bundles, {}).length, 1);
});

test("a value of a channel that cannot be used is spoken of", () => {
  const text = [
    "mp.messaging.incoming.a.connector=smallrye-amqp",
    "mp.messaging.incoming.a.method=GET",
    "mp.messaging.outgoing.b.url=${SINK}",
    "kogito.addon.messaging.outgoing.cloudEventMode=odd",
    "mp.messaging.outgoing.b.method=PUT",
  ].join("\n");
  assert.deepEqual(notes(text), [
    '1: property "mp.messaging.incoming.a.connector": expected smallrye-kafka or quarkus-http, found "smallrye-amqp"; its events go by a topic',
    '2: property "mp.messaging.incoming.a.method": expected POST or PUT, found "GET"; its path takes no events',
    '3: property "mp.messaging.outgoing.b.url": expected a URL, found "${SINK}"; its events go to ANTIPHON_SINK or to a topic',
    '4: property "kogito.addon.messaging.outgoing.cloudEventMode": expected binary or structured, found "odd"',
    '5: property "mp.messaging.outgoing.b.method": expected POST, found "PUT"; its events are posted all the same',
  ]);
});

test("a value that cannot be used is told, with what is done instead", () => {
  const text = [
    "kogito.sw.operationIdStrategy=FILENAME",
    "quarkus.rest-client.orders_yaml.url=${ORDERS_URL}",
    'quarkus.rest-client."orders.one".url=http://orders/one',
  ].join("\n");
  assert.deepEqual(notes(text), [
    '1: property "kogito.sw.operationIdStrategy": expected FILE_NAME, FULL_URI, FUNCTION_NAME or SPEC_TITLE, found "FILENAME"; FILE_NAME is taken',
    '2: property "quarkus.rest-client.orders_yaml.url": expected a URL, found "${ORDERS_URL}"; calls to it fail',
  ]);
  assert.deepEqual(
    notes(text.split("\n")[1] ?? "", {}, { ORDERS_URL: "http://orders", ANTIPHON_SECRETS: "ORDERS_URL" }),
    [],
  );
});
