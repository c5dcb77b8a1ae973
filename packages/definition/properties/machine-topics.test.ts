import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems, machineTopicProblems, readDefinition } from "../index.ts";

const WORKFLOW = `id: orders
start: Wait
events:
  - { name: placed, type: order.placed, source: "" }
  - { name: done, type: order.done, kind: produced }
states:
  - name: Wait
    type: event
    onEvents: [{ eventRefs: [placed] }]
    end: { produceEvents: [{ eventRef: done }] }
`;

function problemsOf(properties: string, env: Readonly<Record<string, string>> = {}, workflow = WORKFLOW): string {
  const bundle = { path: "o.sw.yaml", files: { "o.sw.yaml": workflow, "application.properties": properties } };
  const { definition, problems } = readDefinition(bundle, env);
  assert.ok(definition, formatProblems(problems));
  return formatProblems(machineTopicProblems(bundle, definition, env));
}

test("topics of one's own are nobody's problem", () => {
  assert.equal(problemsOf("mp.messaging.outgoing.order.done.topic=done"), "");
  // No state uses this channel.
  assert.equal(problemsOf("mp.messaging.outgoing.other.topic=antiphon.history"), "");
});

test("a channel whose topic is the machine's is told with its place, whatever the deployment's prefix", () => {
  assert.equal(
    problemsOf("\nmp.messaging.outgoing.order.done.topic=antiphon.history"),
    `application.properties:2:1: expected a topic that is not one of Antiphon's own as "mp.messaging.outgoing.order.done.topic", found "antiphon.history"`,
  );
  assert.equal(
    problemsOf("mp.messaging.incoming.order.placed.topics=orders, shop.antiphon.commands"),
    `application.properties:1:1: expected a topic that is not one of Antiphon's own as "mp.messaging.incoming.order.placed.topics", found "shop.antiphon.commands"`,
  );
  assert.match(
    problemsOf("mp.messaging.outgoing.kogito-processinstances-events.topic=antiphon.definitions"),
    /kogito-processinstances-events.topic", found "antiphon.definitions"/,
  );
});

test("so are a topic that the environment names, and an event whose type is such a name", () => {
  const env = { MP_MESSAGING_OUTGOING_ORDER_DONE_TOPIC: "antiphon.correlations" };
  assert.equal(
    problemsOf("", env),
    `o.sw.yaml:5:25 /events/1/type: expected a topic that is not one of Antiphon's own for events of type "order.done", found "antiphon.correlations"`,
  );
  const named = WORKFLOW.replace("order.placed", "antiphon.commands");
  assert.equal(
    problemsOf("", {}, named),
    `o.sw.yaml:4:27 /events/0/type: expected a topic that is not one of Antiphon's own for events of type "antiphon.commands", found "antiphon.commands"`,
  );
});
