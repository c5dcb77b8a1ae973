import { isExactNumber, type Json } from "@antiphon/protocol";
import type { Run } from "../jq/run.ts";
import { isArray, isContainer } from "../jq/values/kinds.ts";
import { toJsonText } from "../jq/values/text.ts";

/** A value in a text: itself if it is one, otherwise JSON as Jackson prints it for people: `[ 1, 2 ]`. */
export function prettyText(value: Json, run: Run): string {
  return typeof value === "string" ? value : pretty(value, "", run);
}

function pretty(value: Json, indent: string, run: Run): string {
  run.charge(1);
  if (!isContainer(value)) return isExactNumber(value) ? value.rawJSON : toJsonText(value, run);
  run.enter();
  const text = isArray(value) ? items(value, indent, run) : members(value, indent, run);
  run.leave();
  run.allowText(text.length);
  return text;
}

function items(value: readonly Json[], indent: string, run: Run): string {
  if (value.length === 0) return "[ ]";
  return `[ ${value.map((item) => pretty(item, indent, run)).join(", ")} ]`;
}

function members(value: { readonly [name: string]: Json }, indent: string, run: Run): string {
  const names = Object.keys(value);
  if (names.length === 0) return "{ }";
  const deeper = `${indent}  `;
  const lines = names.map((name) => `${deeper}${JSON.stringify(name)} : ${pretty(value[name] ?? null, deeper, run)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}
