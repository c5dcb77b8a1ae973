import assert from "node:assert/strict";
import { test } from "node:test";
import { definitionIn, problemsIn } from "../testing/read-text.ts";
import { problemsOfStates, stateIn } from "../testing/states.ts";

const PATIENT = { name: "patient", delay: "PT10S", maxAttempts: 5 };
const USUAL = { name: "usual", delay: "PT1S", multiplier: 2, maxAttempts: 3, jitter: 0.2 };
const LATE = { name: "late", code: "TimedOut" };
const BROKEN = { name: "broken", code: "500" };

function retryOf(action: string, members = "") {
  const state = stateIn(
    `  - { name: s, type: operation, actions: [{ functionRef: total, ${action} }], end: true }`,
    members,
  );
  return state?.type === "operation" ? state.actions[0]?.retry : undefined;
}

test("an action that names retries is tried again after every error, unless it names those or excepts some", () => {
  assert.deepEqual(retryOf("retryRef: patient"), { strategy: PATIENT, nonRetryable: [] });
  assert.deepEqual(retryOf("retryRef: patient, nonRetryableErrors: [broken]"), {
    strategy: PATIENT,
    nonRetryable: [BROKEN],
  });
  assert.deepEqual(retryOf("retryRef: patient, retryableErrors: [late]"), {
    strategy: PATIENT,
    retryable: [LATE],
    nonRetryable: [],
  });
});

test("an action that names errors or is retried as all are, and names no retries, has the usual ones", () => {
  assert.deepEqual(retryOf("retryableErrors: [late, broken]"), {
    strategy: USUAL,
    retryable: [LATE, BROKEN],
    nonRetryable: [],
  });
  assert.deepEqual(retryOf("nonRetryableErrors: [broken]", "autoRetries: true"), {
    strategy: USUAL,
    nonRetryable: [BROKEN],
  });
  assert.deepEqual(retryOf("retryRef: patient", 'autoRetries: "true"'), { strategy: PATIENT, nonRetryable: [] });
});

test("an action that names nothing of that kind is not tried again", () => {
  assert.equal(retryOf("name: once"), undefined);
  assert.equal(retryOf("nonRetryableErrors: [broken]"), undefined);
});

const REST = "start: s\nstates: [{ name: s, type: inject, data: {}, end: true }]";

test("numbers of retries may be texts, attempts an expression and jitter a duration", () => {
  const { retries } = definitionIn(`id: a
retries:
  - { name: a, maxAttempts: "3", multiplier: "1.5", jitter: "0.25", increment: PT1S, maxDelay: PT1M, delay: "\${ .d }" }
  - { name: b, maxAttempts: "\${ .tries }", jitter: PT0.5S }
${REST}`);
  assert.deepEqual(retries, {
    a: {
      name: "a",
      delay: "${ .d }",
      maxDelay: "PT1M",
      increment: "PT1S",
      multiplier: 1.5,
      maxAttempts: 3,
      jitter: 0.25,
    },
    b: { name: "b", maxAttempts: "${ .tries }", jitter: "PT0.5S" },
  });
});

test("retries may stand in a file", () => {
  const files = { "retries.yaml": "retries: [{ name: a, maxAttempts: 1 }]" };
  assert.deepEqual(definitionIn(`id: a\nretries: retries.yaml\n${REST}`, { files }).retries, {
    a: { name: "a", maxAttempts: 1 },
  });
});

test("retries that make no sense are refused", () => {
  assert.deepEqual(
    problemsIn(`id: a
retries:
  - { name: a, delay: P1M, multiplier: 0, jitter: 1.5, maxAttempts: -1 }
  - { name: b, jitter: soon, multiplier: twice, maxAtempts: 3 }
${REST}`),
    [
      '3:23 /retries/0/delay: expected a duration without years and months, which are not of one length, found "P1M"',
      "3:40 /retries/0/multiplier: expected a number above 0, found 0",
      "3:51 /retries/0/jitter: expected a part from 0 to 1, or a duration, found 1.5",
      "3:69 /retries/0/maxAttempts: expected a whole number of at least 0, or an expression, found -1",
      "4:5 /retries/1/maxAttempts: expected how many attempts there are after the first, found nothing",
      '4:24 /retries/1/jitter: expected a part from 0 to 1, or a duration, found "soon"',
      '4:42 /retries/1/multiplier: expected a number above 0, found "twice"',
      '4:49 /retries/1/maxAtempts: expected a member of a retry definition, found "maxAtempts"; did you mean "maxAttempts"?',
    ],
  );
  assert.deepEqual(
    problemsOfStates(
      "  - { name: s, type: operation, end: true, actions: [{ functionRef: total, retryRef: patent, retryableErrors: [lat] }] }",
    ),
    [
      '4:86 /states/0/actions/0/retryRef: expected the name of retries, found "patent"; did you mean "patient"?',
      '4:112 /states/0/actions/0/retryableErrors/0: expected the name of an error, found "lat"; did you mean "late"?',
    ],
  );
});
