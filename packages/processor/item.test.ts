import assert from "node:assert/strict";
import { test } from "node:test";
import { LogUnavailableError } from "@antiphon/log";
import { prepare, readItem } from "./item.ts";
import { BEGINNING_BYTES_MAX } from "./rejection.ts";

const domain = {
  read: ({ value }: { readonly value: string | null }) => ({ key: "a", input: JSON.parse(`${value}`) }),
};
const fact = { offset: 3, timestampMs: 0, key: "a" };

test("a record whose bytes are no text, or that has no value, is rejected before anybody reads it", () => {
  assert.deepEqual(readItem(domain, { ...fact, value: "{}", malformed: true }), {
    kind: "rejected",
    offset: 3,
    rejected: { reason: "expected UTF-8, found other bytes", value: "{}" },
  });
  assert.deepEqual(readItem(domain, { ...fact, value: null }), {
    kind: "rejected",
    offset: 3,
    rejected: { reason: "expected a value, found none", value: "" },
  });
});

test("a need that cannot be met parks its item; one of which nothing can be found out holds all of them back", async () => {
  const item = (input: string) => ({ kind: "input", offset: 3, received: { key: "a", input } }) as const;
  const needing = (error: Error) => ({
    prepare: (_: string, input: unknown) => (input === "needs" ? Promise.reject(error) : undefined),
  });
  const both = [item("needs"), item("needs nothing")];
  const [parked, kept] = await prepare(needing(new Error("not there")), both, () => "");
  assert.deepEqual([parked?.kind, kept], ["rejected", both[1]]);
  const unknown = new LogUnavailableError("nobody answers");
  await assert.rejects(
    prepare(needing(unknown), both, () => ""),
    unknown,
  );
});

test("of a long record that cannot be read the beginning is kept, counted in bytes, and it is said to be one", () => {
  const half = BEGINNING_BYTES_MAX / 2;
  const kept = (text: string) => {
    const item = readItem(domain, { ...fact, value: text });
    assert.ok(item.kind === "rejected");
    return [item.rejected.value.length, item.rejected.isCut];
  };
  assert.deepEqual(kept("ä".repeat(half)), [half, undefined]);
  assert.deepEqual(kept("ä".repeat(half + 1)), [half, true]);
  assert.deepEqual(kept(`x${"ä".repeat(half)}`), [half, true]);
});
