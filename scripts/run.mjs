/**
 * What every npm script calls: `node scripts/run.mjs start|test|bench|explore|simulate|chaos|check|fix [arguments]`.
 * Runs on the Node and npm of a bare machine; whatever it starts runs on the Node that the workspace brings along.
 */
import { check, fix } from "./check.mjs";
import { ensureInstalled } from "./install.mjs";
import { runToEnd } from "./node.mjs";
import { start } from "./start.mjs";
import { test } from "./test.mjs";

/** Each takes the arguments that stood after `--` and answers with the exit code. */
const commands = {
  start,
  test,
  bench: (args) => runToEnd(["bench/main.ts", ...args]),
  explore: ([what, ...args]) =>
    runToEnd(
      what === "expressions" ? ["packages/expressions/testing/node/explore-costs.ts", ...args] : ["test/model/main.ts"],
    ),
  chaos: (args) => runToEnd(["--disable-warning=TimeoutNegativeWarning", "test/chaos/main.ts", ...args]),
  simulate: (args) => runToEnd(["test/simulate/main.ts", ...args]),
  check,
  fix,
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name ?? "")) {
  console.error(`expected one of ${Object.keys(commands).join(", ")}, found ${name ?? "nothing"}`);
  process.exit(2);
}
if (!ensureInstalled()) process.exit(1);
process.exitCode = await commands[name](args);
