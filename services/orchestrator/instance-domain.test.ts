import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, type Input } from "@antiphon/engine";
import type { Deployment } from "@antiphon/host/definitions";
import { type InstanceRules, instanceDomain } from "./instance-domain.ts";

const start = {
  type: "StartInstance",
  instance: "c-1",
  workflow: "child",
  data: {},
  headers: {},
  parent: { instance: "p-1", action: "1.child", root: { instance: "p-1", workflow: "parent" } },
} as const satisfies Input;

/** Definitions of which none is known before the log has been read to its end, and then what is given. */
function domainWith(found?: Deployment) {
  let isRead = false;
  const look = () => (isRead ? found : undefined);
  const newest = async () => {
    isRead = true;
  };
  const definitions: InstanceRules["definitions"] = { find: look, named: look, newest };
  return instanceDomain({ definitions, callbackUrl: () => "" });
}

test("a workflow that is not in the log is refused at once: nothing waits for what may be deployed later", async () => {
  const domain = domainWith();
  await domain.prepare?.(absent, start);
  assert.deepEqual(
    domain.decide(absent, start, 0).map(({ type }) => type),
    ["ResultReturned"],
  );
});

test("a definition that is not in the log parks what names it", async () => {
  await assert.rejects(domainWith().prepare?.(absent, { ...start, definition: "abc" }) ?? Promise.resolve(), {
    message: "definition abc: expected among the deployed definitions, found nothing",
  });
});

test("a definition that another process has just deployed is read before an instance of it is decided", async () => {
  const domain = domainWith({ hash: "abc" } as Deployment);
  await domain.prepare?.(absent, { ...start, definition: "abc" });
  assert.equal(domain.prepare?.(absent, start), undefined);
});
