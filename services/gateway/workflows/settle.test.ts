import assert from "node:assert/strict";
import { test } from "node:test";
import { instanceAnswered } from "./settle.ts";

const refused = { type: "RequestRejected", request: "r", reason: "no" } as const;
const problem = { kind: "not-decidable", status: 422, message: "the request cannot be decided: no" };

test("a start that cannot be decided is refused without an id, under which there would be nothing", () => {
  const asked = { id: "i", perhaps: "the instance may have started", isNew: true };
  assert.throws(() => instanceAnswered(refused, asked), { ...problem, members: {} });
});

test("anything else that cannot be decided is refused with the id of its instance", () => {
  const asked = { id: "i", perhaps: "the instance may have been aborted" };
  assert.throws(() => instanceAnswered(refused, asked), { ...problem, members: { id: "i" } });
});
