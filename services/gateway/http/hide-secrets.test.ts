import assert from "node:assert/strict";
import { test } from "node:test";
import { startMachine } from "../testing/start-machine.ts";
import { viewEverything } from "../testing/view-everything.ts";

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

const PASSWORD = `hunter "22" <&'ä`;
const FORMS = ["text", "json", "html", "uri", "csv", "sh", "base64"].map(
  (name) => `${name}: @${name} "\\(.told | ${name === "csv" ? "[.]" : "."})"`,
);

/** Puts a secret into its data in many forms, and waits. */
const HELD = {
  "held.sw.json": JSON.stringify({
    id: "held",
    start: "Tell",
    functions: [
      { name: "tell", type: "expression", operation: "{ told: $SECRET.shop.password }" },
      { name: "write", type: "expression", operation: `{ ${FORMS.join(", ")} }` },
    ],
    events: [{ name: "answered", type: "answer", kind: "consumed" }],
    dataInputSchema: { schema: { properties: { a: { type: "number" } } }, failOnValidationErrors: true },
    states: [
      {
        name: "Tell",
        type: "operation",
        actions: [{ functionRef: "tell" }, { functionRef: "write" }],
        transition: "Wait",
      },
      { name: "Wait", type: "event", onEvents: [{ eventRefs: ["answered"] }], end: true },
    ],
  }),
  "application.properties": `shop.password=${PASSWORD.replace("ä", "\\u00e4")}`,
};

/** No form of the password can be without these. */
const TRACES = ["hunter", "aHVudGVy"];

function isTold(payload: string): boolean {
  return TRACES.some((trace) => payload.includes(trace));
}

test("a workflow's own routes give its data as they are, and the page of it hides secrets in every form", async () => {
  await using machine = await startMachine({ workflows: [HELD] });
  const started = await machine.app.inject({ method: "POST", url: "/held" });
  assert.equal(started.statusCode, 201, started.payload);
  const { id, workflowdata } = started.json();
  assert.deepEqual([workflowdata.told, workflowdata.uri], [PASSWORD, encodeURIComponent(PASSWORD).replace("'", "%27")]);
  assert.deepEqual((await machine.app.inject({ url: `/held/${id}` })).json(), { id, workflowdata });
  await viewEverything(machine.ports);
  assert.deepEqual((await machine.app.inject({ url: "/held" })).json(), [{ id, workflowdata }]);
  const page = await machine.app.inject({
    url: "/held",
    headers: { accept: "text/html" },
  });
  assert.match(page.payload, /<code>\{&quot;told&quot;:&quot;…&quot;,&quot;text&quot;:&quot;…&quot;/);
  assert.equal(isTold(page.payload), false, page.payload);
  for (const url of [`/v1/instances/${id}`, `/v1/instances/${id}/history`]) {
    const { payload } = await machine.app.inject({ url });
    assert.equal(isTold(payload), false, payload);
  }
  const changed = { method: "PATCH", url: `/held/${id}`, payload: { b: 1 } } as const;
  assert.equal((await machine.app.inject(changed)).json().workflowdata.told, PASSWORD);
  const moved = { method: "POST", url: `/management/processes/held/instances/${id}/nodes/Wait` } as const;
  assert.equal((await machine.app.inject(moved)).json().workflowdata.told, "…");
});

test("a problem tells no secret, on a workflow's own routes neither", async () => {
  await using machine = await startMachine({ workflows: [HELD, LEAK] });
  const failed = await machine.app.inject({ method: "POST", url: "/leak" });
  assert.deepEqual(
    [failed.statusCode, failed.json().message.includes("…"), isTold(failed.payload)],
    [400, true, false],
  );
  const refused = await machine.app.inject({ method: "POST", url: "/held", payload: { a: PASSWORD, b: "hunter22" } });
  assert.deepEqual([refused.statusCode, isTold(refused.payload)], [400, false]);
  const missing = await machine.app.inject({ url: "/hunter22", headers: { "cache-control": "max-stale" } });
  assert.deepEqual([missing.statusCode, missing.json().detail.endsWith('found "…"')], [404, true], missing.payload);
});

test("a document that was deployed is handed out as it was deployed, whatever is in it", async () => {
  const workflow = LEAK["leak.sw.json"].replace('"id"', '"description":"hunter22","id"');
  await using machine = await startMachine({ workflows: [{ ...LEAK, "leak.sw.json": workflow }] });
  assert.equal((await machine.app.inject({ url: "/v1/definitions/leak/source" })).payload, workflow);
  const { files } = (await machine.app.inject({ url: "/v1/definitions/leak" })).json();
  assert.deepEqual(files, { "leak.sw.json": workflow });
});

test("a secret that is too short to be hidden is named when it is deployed, without its value", async () => {
  const workflow = { ...LEAK, "application.properties": "shop.password=hide5" };
  await using machine = await startMachine({ workflows: [workflow] });
  const said = "a value of $SECRET that has fewer than 6 characters is not hidden where data are shown: shop.password";
  assert.deepEqual(machine.complaints, [said]);
  const { id } = (await machine.app.inject({ method: "POST", url: "/leak" })).json();
  const { payload } = await machine.app.inject({ url: `/v1/instances/${id}` });
  assert.equal(payload.includes("hide5"), true);
});
