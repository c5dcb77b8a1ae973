import assert from "node:assert/strict";
import { test } from "node:test";
import { type Machine, startMachine } from "../testing/start-machine.ts";

/** Two things are done. The second is undone by an event, the first by counting, which fails if `count` is no number. */
const SAGA = JSON.stringify({
  id: "saga",
  start: "one",
  events: [
    { name: "go", type: "saga.go", source: "" },
    { name: "undone", type: "saga.undone", source: "" },
  ],
  functions: [{ name: "decrement", type: "expression", operation: "{ count: (.count - 1) }" }],
  states: [
    { name: "one", type: "inject", data: {}, compensatedBy: "undo one", transition: "two" },
    { name: "two", type: "inject", data: {}, compensatedBy: "undo two", transition: "wait" },
    { name: "wait", type: "callback", eventRef: "go", end: true },
    { name: "undo one", type: "operation", usedForCompensation: true, actions: [{ functionRef: "decrement" }] },
    { name: "undo two", type: "callback", usedForCompensation: true, eventRef: "undone" },
  ],
});

const ROUTES = ["/saga", "/management/processes/saga/instances"];

async function call({ app }: Machine, method: "GET" | "POST" | "DELETE", url: string, payload?: object) {
  const { statusCode, payload: text } = await app.inject({ method, url, ...(payload && { payload }) });
  return [statusCode, JSON.parse(text)] as const;
}

/** An instance that is undoing things, and waits for the event that it needs for that. */
async function undoing(machine: Machine, route: string, count: unknown): Promise<string> {
  const [, { id }] = await call(machine, "POST", "/saga", { count });
  assert.deepEqual(await call(machine, "DELETE", `${route}/${id}`), [
    202,
    { id, workflowdata: { count }, leftToUndo: ["undo two", "undo one"] },
  ]);
  return id;
}

async function undone(machine: Machine, id: string): Promise<void> {
  const event = { specversion: "1.0", id: `undo-${id}`, source: "/t", type: "saga.undone", kogitoprocrefid: id };
  const headers = { "content-type": "application/cloudevents+json" };
  const { statusCode } = await machine.app.inject({
    method: "POST",
    url: "/",
    headers,
    payload: JSON.stringify(event),
  });
  assert.equal(statusCode, 202);
}

for (const route of ROUTES) {
  test(`DELETE ${route}/… is accepted while undoing waits, and once more changes nothing`, async () => {
    await using machine = await startMachine({ workflows: [SAGA] });
    const id = await undoing(machine, route, 2);
    assert.equal((await call(machine, "DELETE", `${route}/${id}`))[0], 202);
    await undone(machine, id);
    const [, { status, data }] = await call(machine, "GET", `/v1/instances/${id}`);
    assert.deepEqual([status, data], ["aborted", { count: 1 }]);
  });

  test(`DELETE ${route}/… of an instance that failed at undoing is refused, and what is left is there to be mended`, async () => {
    await using machine = await startMachine({ workflows: [SAGA] });
    const id = await undoing(machine, route, "two");
    await undone(machine, id);
    const [status, { title, detail, leftToUndo }] = await call(machine, "DELETE", `${route}/${id}`);
    assert.deepEqual([status, title, leftToUndo], [409, "Compensation failed", ["undo one"]]);
    assert.match(detail, /"undo one".*retrigger.*skip.*compensate=false/);
    const at = `${ROUTES[1]}/${id}`;
    const [, shown] = await call(machine, "GET", `/v1/instances/${id}`);
    const [, error] = await call(machine, "GET", `${at}/error`);
    assert.deepEqual(
      [shown.status, shown.leftToUndo, error.failedNodeId, error.leftToUndo],
      ["faulted", ["undo one"], "undo one", ["undo one"]],
    );
    const again = await call(machine, "POST", `${at}/retrigger`);
    assert.deepEqual([again[0], again[1].leftToUndo], [400, ["undo one"]]);
    await machine.app.inject({ method: "PUT", url: `/saga/${id}`, payload: { count: 5 } });
    assert.deepEqual(await call(machine, "POST", `${at}/retrigger`), [200, { id, workflowdata: { count: 4 } }]);
    assert.equal((await call(machine, "GET", `/v1/instances/${id}`))[1].status, "aborted");
  });

  test(`DELETE ${route}/…?compensate=false ends it, and says what stays done`, async () => {
    await using machine = await startMachine({ workflows: [SAGA] });
    const id = await undoing(machine, route, "two");
    const [status, { detail }] = await call(machine, "DELETE", `${route}/${id}?compensate=no`);
    assert.deepEqual([status, detail], [400, 'parameter "compensate": expected true or false, found "no"']);
    await undone(machine, id);
    assert.equal((await call(machine, "DELETE", `${route}/${id}?compensate=true`))[0], 409);
    const gone = await call(machine, "DELETE", `${route}/${id}?compensate=false`);
    assert.deepEqual(gone, [200, { id, workflowdata: { count: "two" } }]);
    const [, shown] = await call(machine, "GET", `/v1/instances/${id}`);
    assert.deepEqual([shown.status, shown.reason], ["aborted", "by request, without undo one"]);
  });
}
