import assert from "node:assert/strict";
import { test } from "node:test";
import { startMachine } from "../testing/start-machine.ts";

const LEAK = {
  "leak.sw.json": JSON.stringify({
    id: "leak",
    start: "Tell",
    functions: [{ name: "tell", type: "expression", operation: "{ told: $SECRET.shop.password }" }],
    states: [
      { name: "Tell", type: "operation", actions: [{ functionRef: "tell" }], transition: "Fail" },
      {
        name: "Fail",
        type: "operation",
        actions: [{ functionRef: "tell", actionDataFilter: { results: "error(.told)" } }],
        end: true,
      },
    ],
  }),
  "application.properties": "shop.password=hunter22",
};

test("a secret that an expression has put into data is shown by no route that looks at instances", async () => {
  await using machine = await startMachine({ workflows: [LEAK] });
  const { id } = (await machine.app.inject({ method: "POST", url: "/leak" })).json();
  for (const path of [
    `/v1/instances/${id}`,
    `/v1/instances/${id}/history`,
    `/management/processes/leak/instances/${id}/error`,
  ]) {
    const { statusCode, payload } = await machine.app.inject({ url: path });
    assert.deepEqual(
      [statusCode, payload.includes("hunter22"), payload.includes("…")],
      [200, false, true],
      `${path}: ${payload}`,
    );
  }
});
