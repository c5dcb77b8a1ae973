import { spawn } from "node:child_process";
import { environment } from "./node.mjs";
import { root } from "./paths.mjs";

/** One line each; all of them run, whatever fails. */
const STEPS = [
  ["format and lint", "biome", "ci", "--diagnostic-level=warn", "--error-on-warnings", "--colors=off"],
  ["types", "tsc", "-p", "tsconfig.json"],
  ["purity (types of the pure packages)", "tsc", "-p", "tsconfig.core.json"],
  ["unused code", "knip", "--no-progress", "--no-config-hints"],
  ["architecture", "node", "--test", "--test-reporter=dot", "test/architecture.test.ts"],
];

export async function check() {
  let failures = 0;
  for (const [title, command, ...args] of STEPS) {
    const { code, output } = await run(command, args);
    console.log(`${code === 0 ? "✓" : "✗"} ${title}`);
    if (code === 0) continue;
    failures += 1;
    console.log(`\n$ ${[command, ...args].join(" ")}\n${output.trim()}\n`);
  }
  if (failures > 0)
    console.log(`${failures} of ${STEPS.length} failed; \`npm run fix\` mends what can be mended by itself`);
  return failures === 0 ? 0 : 1;
}

/** Formats, sorts imports and mends what the linter can mend safely. */
export async function fix() {
  const { code, output } = await run("biome", ["check", "--write"]);
  console.log(output.trim());
  return code;
}

function run(command, args) {
  const child = spawn(command, args, {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  let output = "";
  const keep = (text) => {
    output += text;
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}
