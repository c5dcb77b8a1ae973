import { resultOf } from "./test-events.mjs";

/** A reporter for `scripts/test.mjs`: one JSON document, written at the end. */
export default async function* outcome(events) {
  const outcome = { passed: 0, failed: [], skipped: [] };
  for await (const event of events) {
    const result = resultOf(event);
    if (result?.status === "passed") outcome.passed += 1;
    if (result?.status === "failed") outcome.failed.push({ name: result.name, place: result.place });
    if (result?.status === "skipped")
      outcome.skipped.push({ name: result.name, place: result.place, reason: result.reason });
  }
  yield JSON.stringify(outcome);
}
