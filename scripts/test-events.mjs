import { relative } from "node:path";
import { root } from "./paths.mjs";

/** How Node's runner tells, in a mere remark, that a test went on after its end and failed then. */
const LATE_FAILURE = "Error: Test ";

/**
 * What an event of Node's test runner says about one test: passed, failed or skipped. Undefined for everything else,
 * also for a suite, which fails or passes only because its tests did, unless it never ran them.
 */
export function resultOf({ type, data }) {
  const about = { name: data.name, file: fileOf(data), place: placeOf(data) };
  if (type === "test:diagnostic" && data.message.startsWith(LATE_FAILURE)) {
    return { ...about, name: "a test failed after it had ended", status: "failed", error: data.message };
  }
  if ((type !== "test:pass" && type !== "test:fail") || data.todo !== undefined) return undefined;
  if (type === "test:fail") {
    const failure = data.details.error;
    if (failure.failureType === "subtestsFailed") return undefined;
    return { ...about, status: "failed", error: failure.cause ?? failure };
  }
  if (data.skip !== undefined) return { ...about, status: "skipped", reason: reasonOf(data.skip) };
  return data.details.type === "suite" ? undefined : { ...about, status: "passed" };
}

/** The test file that an event belongs to; a contract's tests stand in another file than the one that calls it. */
export function fileOf(data) {
  return pathOf(data.entryFile ?? data.file);
}

const pathOf = (file) => relative(root, file ?? root);
const placeOf = ({ file, line }) => (file === undefined ? "(where is not known)" : `${pathOf(file)}:${line}`);
const reasonOf = (skip) => (typeof skip === "string" && skip !== "" ? skip : "skipped without a reason");
