import assert from "node:assert/strict";
import { test } from "node:test";
import { Readiness } from "./readiness.ts";

function watched(): { readonly readiness: Readiness; readonly said: string[] } {
  const said: string[] = [];
  const set = (name: string, up: boolean, reason = ""): void =>
    void said.push(up ? `${name} up` : `${name}: ${reason}`);
  return { readiness: new Readiness({ set }), said };
}

test("partitions that were never behind leave a projector ready", () => {
  const { readiness, said } = watched();
  readiness.begin("history/0").caughtUp();
  assert.deepEqual(said, ["views up"]);
});

test("a projector is not ready until every partition that is behind has caught up", () => {
  const { readiness, said } = watched();
  const [one, other] = [readiness.begin("history/0"), readiness.begin("history/1")];
  one.behind();
  one.behind();
  other.behind();
  one.caughtUp();
  other.caughtUp();
  assert.deepEqual(said, [
    "views up",
    "views: still reading history/0",
    "views: still reading history/0, history/1",
    "views: still reading history/1",
    "views up",
  ]);
});

test("a partition that has caught up once does not take readiness away again, and one that is taken away gives it back", () => {
  const { readiness, said } = watched();
  const one = readiness.begin("history/0");
  one.caughtUp();
  one.behind();
  const other = readiness.begin("history/1");
  other.behind();
  other[Symbol.dispose]();
  assert.deepEqual(said, ["views up", "views: still reading history/1", "views up"]);
});
