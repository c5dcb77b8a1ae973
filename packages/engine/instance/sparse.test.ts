import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "../index.ts";
import * as make from "../testing/build.ts";
import { given } from "../testing/index.ts";

const SPARSE = ["attempts", "forks", "branches", "detached", "undo"];
const service = make.http("service");
const wait = make.callback("wait", make.consumed("approved"));

/** What an instance has of the members that most never have. */
const sparseOf = (instance: Instance) => SPARSE.filter((name) => Object.hasOwn(instance, name));

test("an instance has members for branches, attempts and the like only while there is something in them", () => {
  const plain = given(make.workflowOf([wait])).when(make.start({}));
  assert.deepEqual(sparseOf(plain.instance), []);
  const fan = make.parallel("fan", [make.branch("a", [make.call("a", service, { retry: make.retry() })])], {
    next: make.to("tell"),
    compensatedBy: "undo",
  });
  const undo = make.inject("undo", {}, { usedForCompensation: true, next: { kind: "return", produce: [] } });
  const tell = make.operation("tell", [make.subflow("child", "child", { async: true })], { next: make.to("wait") });
  const asked = given(make.workflowOf([fan, tell, wait, undo])).when(
    make.start({}),
    make.failure("1.branch[0].a", "503"),
  );
  assert.deepEqual(sparseOf(asked.instance), ["attempts", "forks", "branches"]);
  const told = asked.and.when(make.reachTime, make.answer("1.branch[0].a", {}, undefined, 2));
  assert.deepEqual(sparseOf(told.instance), ["detached", "undo"]);
  const heard = told.and.when(make.answer("2.child", {}));
  assert.deepEqual(sparseOf(heard.instance), ["undo"]);
});
