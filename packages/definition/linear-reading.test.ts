import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bundle } from "./model.ts";
import { readDefinition } from "./read-definition.ts";
import { BLOWN_UP, blownUp } from "./testing/blown-up.ts";
import { pathsIn, randomFrom } from "./testing/mutate.ts";
import { DOCUMENTS, FILES } from "./testing/whole-language.ts";

/** How often a part comes: the more often the less time reading it takes. */
const TIMES = 4_000;
const TIMES_OF_LITTLE = 16_000;
const LITTLE_MS = 200;

/** It is compared with a document in which the part comes a fourth as often. */
const FACTOR = 4;

/** What grows in line takes four times as long, what grows with the square sixteen times. */
const GROWTH_MAX = 7;

/** Times are taken again if they look bad: another process may have had the processor's caches. */
const TRIES = 4;

const PLACES = 15;
/** Another seed blows up other places. */
const SEED = Number(process.env["SEED"] ?? 1);

for (const [part, bundleWith] of Object.entries(BLOWN_UP)) {
  test(`reading takes time in line with the number of ${part}`, () => assertLinear(bundleWith));
}

test(`reading takes time in line with any part of a document (SEED=${SEED})`, () => {
  const random = randomFrom(SEED);
  const places = DOCUMENTS.flatMap((document) => pathsIn(document).map((steps) => ({ document, steps })));
  for (let i = 0; i < PLACES; i += 1) {
    const { document, steps } = places[Math.floor(random() * places.length)] ?? assert.fail("expected places");
    const path = "test.sw.json";
    const bundleWith = (n: number): Bundle => ({
      path,
      files: { ...FILES, [path]: JSON.stringify(blownUp(document, steps, n)) },
    });
    assertLinear(bundleWith, steps.join("/"));
  }
});

function assertLinear(bundleWith: (n: number) => Bundle, what = ""): void {
  const first = processorMs(bundleWith(TIMES));
  const n = first < LITTLE_MS ? TIMES_OF_LITTLE : TIMES;
  const [small, large] = [bundleWith(n / FACTOR), bundleWith(n)];
  const largeMs = [processorMs(large)];
  const smallMs: number[] = [];
  for (let i = 0; i < TRIES; i += 1) {
    smallMs.push(processorMs(small));
    if (Math.min(...largeMs) < GROWTH_MAX * Math.min(...smallMs)) return;
    largeMs.push(processorMs(large));
  }
  const times = `${largeMs.map(Math.round)} ms for ${n}, ${smallMs.map(Math.round)} ms for ${n / FACTOR}`;
  assert.fail(`${what} expected to grow by about ${FACTOR}, found ${times}`);
}

function processorMs(bundle: Bundle): number {
  const before = process.cpuUsage();
  readDefinition(bundle, {});
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
