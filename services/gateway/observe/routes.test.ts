import assert from "node:assert/strict";
import { test } from "node:test";
import { startMachine } from "../testing/start-machine.ts";

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
