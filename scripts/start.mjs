import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { runToEnd } from "./node.mjs";

/** kafkajs sets timers in the past, and node:sqlite still calls itself experimental. */
const FLAGS = ["--disable-warning=TimeoutNegativeWarning", "--disable-warning=ExperimentalWarning"];

/** Everything in one process. A folder is meant from where the user stands, which npm tells, and not from the repository. */
export function start(args) {
  const standing = process.env.INIT_CWD ?? process.cwd();
  const located = args.map((arg) => (existsSync(resolve(standing, arg)) ? resolve(standing, arg) : arg));
  return runToEnd([...FLAGS, "services/standalone/main.ts", ...located]);
}
