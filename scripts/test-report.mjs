import { inspect } from "node:util";
import { fileOf, resultOf } from "./test-events.mjs";

/** So much of what a file printed is shown when one of its tests failed. */
const OUTPUT_LINES_MAX = 80;
const NODE_FRAME = /^\s+at .*\(?node:/;

/** A reporter for people: a line per test file, and under it what its tests remarked, what failed and why. */
export default async function* report(events) {
  let current;
  for await (const event of events) {
    const { type, data } = event;
    const result = resultOf(event);
    const isOutput = type === "test:stdout" || type === "test:stderr";
    // The runner's own remarks, on how many tests there were, belong to no file.
    const isRemark = type === "test:diagnostic" && data.file !== undefined;
    if (result === undefined && !isOutput && !isRemark) continue;
    const file = fileOf(data);
    if (file !== current?.file) {
      if (current !== undefined) yield conclusion(current);
      current = { file, passed: 0, skipped: 0, failed: [], output: [], remarks: [] };
    }
    if (isOutput) current.output = [...current.output, ...data.message.trimEnd().split("\n")].slice(-OUTPUT_LINES_MAX);
    else if (result === undefined) current.remarks.push(data.message);
    else if (result.status === "failed") current.failed.push(result);
    else current[result.status] += 1;
  }
  if (current !== undefined) yield conclusion(current);
}

function conclusion({ file, passed, skipped, failed, output, remarks }) {
  const counts = [`${passed}`];
  if (failed.length > 0) counts.push(`${failed.length} failed`);
  if (skipped > 0) counts.push(`${skipped} left out`);
  const lines = [`  ${failed.length > 0 ? "✗" : "✓"} ${file}  ${counts.join(", ")}`];
  lines.push(...indent(remarks, 6));
  for (const { name, place, error } of failed) {
    lines.push("", `    ✗ ${name}  ${place}`, ...indent(describe(error), 6));
  }
  if (failed.length > 0 && output.length > 0) lines.push("", "    its output:", ...indent(output, 6));
  if (failed.length > 0) lines.push("");
  return `${lines.join("\n")}\n`;
}

/** The message, the stack without Node's own frames, and the causes. */
function describe(error) {
  const text = error?.stack ?? (typeof error === "string" ? error : inspect(error));
  const lines = text.split("\n").filter((line) => !NODE_FRAME.test(line));
  return error?.cause === undefined ? lines : [...lines, "caused by:", ...describe(error.cause)];
}

function indent(lines, by) {
  return lines.map((line) => " ".repeat(by) + line);
}
