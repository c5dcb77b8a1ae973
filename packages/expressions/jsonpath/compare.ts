import type { Json } from "@antiphon/protocol";
import type { Run } from "../jq/run.ts";
import { isArray, isContainer, isNumber, isObject } from "../jq/values/kinds.ts";
import { equal, equalTexts, compare as order } from "../jq/values/order.ts";
import { includes } from "../jq/values/search.ts";
import { toJsonText } from "../jq/values/text.ts";
import type { Operator } from "./ast.ts";

/** A value in a filter; undefined is what a path did not find, which equals nothing, not even itself. */
export type Operated = Json | undefined;

/** Whether an operator holds between two values; `=~` is not among them, since it has a pattern on one side. */
export function holds(operator: Exclude<Operator, "=~">, left: Operated, right: Operated, run: Run): boolean {
  run.charge(1);
  switch (operator) {
    case "==":
      return same(left, right, run);
    case "!=":
      return !same(left, right, run);
    case "===":
      return kindOf(left) === kindOf(right) && same(left, right, run);
    case "!==":
      return kindOf(left) !== kindOf(right) || !same(left, right, run);
    case "<":
      return ordered(left, right, run, (by) => by < 0);
    case "<=":
      return ordered(left, right, run, (by) => by <= 0);
    case ">":
      return ordered(left, right, run, (by) => by > 0);
    case ">=":
      return ordered(left, right, run, (by) => by >= 0);
    case "in":
      return isIn(left, right, run);
    case "nin":
      return !isIn(left, right, run);
    case "contains":
      return typeof left === "string" && typeof right === "string" ? hasText(left, right, run) : isIn(right, left, run);
    case "all":
      return isList(left) && isList(right) && right.every((item) => isIn(item, left, run));
    case "subsetof":
      return isList(left) && isList(right) && left.every((item) => isIn(item, right, run));
    case "anyof":
      return isList(left) && isList(right) && left.some((item) => isIn(item, right, run));
    case "noneof":
      return isList(left) && isList(right) && !left.some((item) => isIn(item, right, run));
    case "size":
      return right !== undefined && isNumber(right) && sizeOf(left, run) === Number(toJsonText(right, run));
    case "empty":
      return typeof right === "boolean" && isEmpty(left, run) === right;
  }
}

/** A text that looks like a number equals it, as Jayway has it. */
function same(left: Operated, right: Operated, run: Run): boolean {
  if (left === undefined || right === undefined) return false;
  if (typeof left === "string" && isNumber(right)) return equalTexts(left, toJsonText(right, run), run);
  if (typeof right === "string" && isNumber(left)) {
    run.scan(right);
    return right.trim() !== "" && Number(right) === Number(toJsonText(left, run));
  }
  return equal(left, right, run);
}

/** Only two numbers, or two texts, are one before the other. */
function ordered(left: Operated, right: Operated, run: Run, test: (by: number) => boolean): boolean {
  if (left === undefined || right === undefined) return false;
  const alike = isNumber(left) ? isNumber(right) : typeof left === "string" && typeof right === "string";
  return alike && test(order(left, right, run));
}

function isIn(item: Operated, list: Operated, run: Run): boolean {
  return isList(list) && list.some((one) => chargedSame(item, one, run));
}

function chargedSame(left: Operated, right: Operated, run: Run): boolean {
  run.charge(1);
  return same(left, right, run);
}

function isList(value: Operated): value is readonly Json[] {
  return value !== undefined && isArray(value);
}

function hasText(text: string, part: string, run: Run): boolean {
  return includes(text, part, run);
}

function isEmpty(value: Operated, run: Run): boolean | undefined {
  const size = sizeOf(value, run);
  return size === undefined ? undefined : size === 0;
}

function sizeOf(value: Operated, run: Run): number | undefined {
  if (typeof value === "string") return value.length;
  if (value === undefined || !isContainer(value)) return undefined;
  if (isArray(value)) return value.length;
  const { length } = Object.keys(value);
  run.charge(length >> 4);
  return length;
}

function kindOf(value: Operated): string {
  if (value === undefined || value === null) return String(value);
  if (isNumber(value)) return "number";
  return isObject(value) || isArray(value) ? "json" : typeof value;
}
