import assert from "node:assert/strict";
import { test } from "node:test";
import { type Machine, startMachine } from "../testing/start-machine.ts";
import { CHECKED, GREET } from "../testing/workflows.ts";

function post({ app }: Machine, url: string, payload: string) {
  return app.inject({ method: "POST", url, payload });
}

test("input that the schema does not allow is refused before anything starts, without an id", async () => {
  await using machine = await startMachine({ workflows: [CHECKED] });
  const { statusCode, payload } = await post(machine, "/checked", '{"amount":"much"}');
  const message =
    "There are JsonSchema validation errors:\nthe data must have required property 'name'\n/amount must be number";
  assert.deepEqual(
    [statusCode, JSON.parse(payload)],
    [
      400,
      {
        type: "urn:antiphon:problem:invalid-input",
        title: "Invalid input",
        status: 400,
        detail: message,
        message,
        errors: [
          { pointer: "", message: "must have required property 'name'" },
          { pointer: "/amount", message: "must be number" },
        ],
      },
    ],
  );
});

test("input that a lenient schema does not allow is logged, and starts all the same", async () => {
  const lenient = CHECKED.replace('"dataInputSchema":{', '"dataInputSchema":{"failOnValidationErrors":false,');
  await using machine = await startMachine({ workflows: [lenient] });
  const { statusCode, payload } = await post(machine, "/checked", '{"amount":"much"}');
  assert.deepEqual([statusCode, JSON.parse(payload).workflowdata], [201, { amount: "much" }]);
  assert.deepEqual(machine.complaints, ["an instance is started with data that its schema does not allow"]);
});

test("a number in digits of its own is a number to the schema", async () => {
  await using machine = await startMachine({ workflows: [CHECKED] });
  const { statusCode, payload } = await post(machine, "/checked", '{"name":"Ada","amount":68.0}');
  assert.deepEqual(
    [statusCode, payload.slice(payload.indexOf(","))],
    [201, ',"workflowdata":{"name":"Ada","amount":68.0}}'],
  );
});

test("the input schema of a workflow can be had", async () => {
  await using machine = await startMachine({ workflows: [CHECKED, GREET] });
  const checked = await machine.app.inject({ url: "/checked/schema" });
  assert.deepEqual(checked.json(), {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    required: ["name"],
    properties: { name: { type: "string" }, amount: { type: "number" } },
  });
  assert.deepEqual((await machine.app.inject({ url: "/greet/schema" })).json(), { type: "object" });
});
