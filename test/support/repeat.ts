/** `TEST_REPEAT=20` runs the tests that disturb a deployment so often; a longer `--test-timeout` may be needed then. */
const REPEAT_VARIABLE = "TEST_REPEAT";
const REPEAT_MAX = 1_000;

/** Numbers of runs, from 1. */
export function runs(): readonly number[] {
  const text = process.env[REPEAT_VARIABLE] ?? "1";
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > REPEAT_MAX) {
    throw new Error(
      `${REPEAT_VARIABLE}: expected a whole number from 1 to ${REPEAT_MAX}, found ${JSON.stringify(text)}`,
    );
  }
  return Array.from({ length: count }, (_, i) => i + 1);
}

/** What stands behind a test's name when it is run more than once. */
export function runName(run: number): string {
  return runs().length === 1 ? "" : `, run ${run}`;
}
