import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { runToEnd, SIGNALLED } from "./node.mjs";
import { inRoot } from "./paths.mjs";
import { findTests } from "./test-files.mjs";

/** A test that takes longer hangs: a slow machine that does other things as well is much slower than a good one. */
const UNIT_TIMEOUT_MS = 90_000;
const SYSTEM_TIMEOUT_MS = 240_000;

const FLAGS = [
  "--disable-warning=TimeoutNegativeWarning",
  "--disable-warning=ExperimentalWarning",
  "--test",
  "--test-force-exit",
  "--test-reporter=./scripts/test-report.mjs",
  "--test-reporter-destination=stdout",
  "--test-reporter=./scripts/test-outcome.mjs",
];
/** What Kafka and Redis need on a machine, in one command. */
const PROVIDE = "apt-get install -y --no-install-recommends redis-server default-jdk-headless maven";

/**
 * Unit tests in one process, then those that start brokers and servers, file by file. Arguments that begin with `-` go
 * to Node's test runner; others choose the files whose path contains one of them.
 */
export async function test(args) {
  const flags = args.filter((arg) => arg.startsWith("-"));
  const { unit, system } = findTests(args.filter((arg) => !arg.startsWith("-")));
  const phases = [
    phase("unit tests", unit, ["--test-isolation=none", `--test-timeout=${UNIT_TIMEOUT_MS}`, ...flags]),
    phase("system tests", system, ["--test-concurrency=1", `--test-timeout=${SYSTEM_TIMEOUT_MS}`, ...flags]),
  ].filter(({ files }) => files.length > 0);
  if (phases.length === 0) {
    console.error(`no test file's path contains ${args.join(" or ")}`);
    return 1;
  }
  const outcomes = [];
  for (const each of phases) {
    const outcome = await run(each);
    if (outcome.code > SIGNALLED) return outcome.code;
    outcomes.push(outcome);
  }
  return conclude(outcomes);
}

function phase(title, files, flags) {
  // Two runs at once must not read each other's outcome.
  const name = `${title.replace(" ", "-")}-${process.pid}.json`;
  return { title, files, flags, destination: inRoot(".cache", "test", name) };
}

async function run({ title, files, flags, destination }) {
  console.log(`\n${title}: ${files.length} files`);
  mkdirSync(dirname(destination), { recursive: true });
  rmSync(destination, { force: true });
  const code = await runToEnd([...FLAGS, `--test-reporter-destination=${destination}`, ...flags, ...files]);
  const outcome = { title, code, ...readOutcome(destination) };
  rmSync(destination, { force: true });
  return outcome;
}

/** What the outcome reporter wrote; a process that died before its end has written nothing. */
function readOutcome(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { passed: 0, failed: [], skipped: [], died: true };
  }
}

function conclude(outcomes) {
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.flatMap((outcome) => outcome.failed);
  const skipped = outcomes.flatMap((outcome) => outcome.skipped);
  console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} left out`);
  for (const { name, place } of failed) console.log(`  ✗ ${name}  ${place}`);
  for (const { title, died, code } of outcomes) {
    if (died) console.log(`  ✗ the process of the ${title} ended with code ${code} before its last test`);
  }
  if (skipped.length > 0) announce(skipped);
  const isComplete = skipped.length === 0 || process.env.CI !== "true";
  return isComplete && failed.length === 0 && outcomes.every(({ code }) => code === 0) ? 0 : 1;
}

/** Nobody shall take a run for complete that was not. */
function announce(skipped) {
  const line = "!".repeat(100);
  console.log(`\n${line}\n  NOT TESTED: ${skipped.length} tests were left out.`);
  for (const reason of new Set(skipped.map((test) => test.reason))) {
    console.log(`\n  ${reason}`);
    for (const { name, place } of skipped.filter((test) => test.reason === reason))
      console.log(`    - ${name}  ${place}`);
  }
  console.log(`\n  Kafka and Redis are provided by: ${PROVIDE}`);
  if (process.env.CI === "true") console.log("  CI is true, so this run has failed.");
  console.log(line);
}
