import assert from "node:assert/strict";
import { test } from "node:test";
import { startMachine } from "../testing/start-machine.ts";
import { GREET } from "../testing/workflows.ts";
import { REFUSED_NAMED_MAX } from "./routes.ts";

test("probes and metrics are served on the gateway's own port", async () => {
  await using machine = await startMachine();
  for (const url of ["/q/health/live", "/q/health/started"]) {
    const live = await machine.app.inject({ url });
    assert.deepEqual([live.statusCode, live.json()], [200, { status: "UP", checks: [] }]);
  }
  for (const url of ["/q/health", "/q/health/ready"]) {
    const ready = await machine.app.inject({ url });
    assert.deepEqual(
      [ready.statusCode, ready.json()],
      [200, { status: "UP", checks: [{ name: "log", status: "UP" }] }],
    );
  }
  const metrics = await machine.app.inject({ url: "/q/metrics" });
  assert.deepEqual([metrics.headers["content-type"], metrics.payload], ["text/plain; version=0.0.4", "a_metric 1\n"]);
});

test("workflows that could not be deployed are named by the probe of readiness, which is up, until they are", async () => {
  await using machine = await startMachine();
  const { definitions } = machine.ports;
  const deploy = () => machine.app.inject({ method: "PUT", url: "/v1/definitions/greet", payload: GREET });
  assert.equal((await deploy()).statusCode, 201);
  const check = async () => {
    const { statusCode, payload } = await machine.app.inject({ url: "/q/health/ready" });
    const { status, checks } = JSON.parse(payload) as { status: string; checks: { name: string; data?: object }[] };
    return [statusCode, status, checks.find(({ name }) => name === "definitions")?.data];
  };
  assert.deepEqual(await check(), [200, "UP", undefined]);
  definitions.refuse({ id: "greet", file: "w.sw.json", problems: [] });
  definitions.refuse({ file: "grüße.sw.json", problems: [] });
  assert.deepEqual(await check(), [200, "UP", { refused: "greet in w.sw.json, grüße.sw.json" }]);
  const put = await deploy();
  assert.deepEqual([put.statusCode, put.json().status], [200, "unchanged"]);
  assert.deepEqual(await check(), [200, "UP", { refused: "grüße.sw.json" }]);
  const listed = (await machine.app.inject({ url: "/v1/definitions" })).json().refused;
  assert.deepEqual(listed, [{ file: "grüße.sw.json", problems: [] }]);
  for (let i = 1; i < REFUSED_NAMED_MAX; i++) definitions.refuse({ file: `${i}.sw.json`, problems: [] });
  assert.match(String(Object.values((await check())[2] ?? {})), /, 19\.sw\.json$/);
  definitions.refuse({ file: "last.sw.json", problems: [] });
  assert.match(String(Object.values((await check())[2] ?? {})), /, 19\.sw\.json and 1 more$/);
});
