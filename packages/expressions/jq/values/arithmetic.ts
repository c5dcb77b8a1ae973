import type { Json, JsonObject } from "@antiphon/protocol";
import { ExpressionLimitError } from "../../errors.ts";
import type { Run } from "../run.ts";
import { chunksOf } from "./chunks.ts";
import { isArray, isNumber, isObject, memberOf, setMember, toDouble } from "./kinds.ts";
import { equal } from "./order.ts";
import { copyObject } from "./replace.ts";
import { placesIn } from "./search.ts";
import { described, fail } from "./text.ts";

/** What stands between two values: `left + right`. */
export type Operation = (left: Json, right: Json, run: Run) => Json;

export function add(left: Json, right: Json, run: Run): Json {
  if (typeof left === "number" && typeof right === "number") return run.number(left + right);
  if (typeof left === "string" && typeof right === "string") {
    run.allowText(left.length + right.length, Math.min(left.length, right.length));
    return left + right;
  }
  if (left === null) return right;
  if (right === null) return left;
  if (isNumber(left) && isNumber(right)) return run.number(toDouble(left) + toDouble(right));
  run.grow(2);
  if (isArray(left) && isArray(right)) {
    run.charge((left.length + right.length) >> 2);
    return left.concat(right);
  }
  if (isObject(left) && isObject(right)) {
    run.charge(1 + ((Object.keys(left).length + Object.keys(right).length) >> 1));
    return { ...left, ...right };
  }
  return fail(`${described(left, run)} and ${described(right, run)} cannot be added`);
}

export function subtract(left: Json, right: Json, run: Run): Json {
  if (isNumber(left) && isNumber(right)) return run.number(toDouble(left) - toDouble(right));
  if (isArray(left) && isArray(right)) {
    return left.filter((item) => {
      run.charge(1 + right.length);
      return !right.some((other) => equal(item, other, run));
    });
  }
  return fail(`${described(left, run)} and ${described(right, run)} cannot be subtracted`);
}

export function multiply(left: Json, right: Json, run: Run): Json {
  if (isNumber(left) && isNumber(right)) return run.number(toDouble(left) * toDouble(right));
  if (typeof left === "string" && isNumber(right)) return repeated(left, toDouble(right), run);
  if (isNumber(left) && typeof right === "string") return repeated(right, toDouble(left), run);
  if (isObject(left) && isObject(right)) return merged(left, right, run);
  return fail(`${described(left, run)} and ${described(right, run)} cannot be multiplied`);
}

export function divide(left: Json, right: Json, run: Run): Json {
  if (isNumber(left) && isNumber(right)) {
    const divisor = toDouble(right);
    if (divisor === 0) {
      return fail(`${described(left, run)} and ${described(right, run)} cannot be divided because the divisor is zero`);
    }
    return run.number(toDouble(left) / divisor);
  }
  if (typeof left === "string" && typeof right === "string") return split(left, right, run);
  return fail(`${described(left, run)} and ${described(right, run)} cannot be divided`);
}

export function remainder(left: Json, right: Json, run: Run): Json {
  if (!isNumber(left) || !isNumber(right)) {
    return fail(`${described(left, run)} and ${described(right, run)} cannot be divided (remainder)`);
  }
  const [dividend, divisor] = [toDouble(left), toDouble(right)];
  if (Number.isNaN(dividend) || Number.isNaN(divisor)) return run.number(Number.NaN);
  const whole = Math.trunc(divisor);
  if (whole === 0) {
    return fail(
      `${described(left, run)} and ${described(right, run)} cannot be divided (remainder) because the divisor is zero`,
    );
  }
  if (Math.abs(dividend) < Number.MAX_SAFE_INTEGER && Math.abs(divisor) < Number.MAX_SAFE_INTEGER) {
    return run.number(Math.trunc(dividend) % whole);
  }
  return run.number(Number(toInt64(dividend) % toInt64(divisor)));
}

export function negate(value: Json, run: Run): Json {
  return isNumber(value) ? run.number(-toDouble(value)) : fail(`${described(value, run)} cannot be negated`);
}

/** jq's `split/1`: at each place of a separator, or between characters if there is none. */
export function split(text: string, separator: string, run: Run): Json {
  if (text === "") return [];
  const parts: string[] = [];
  if (separator === "") {
    for (const chunk of chunksOf(text, 4, run)) for (const character of chunk) parts.push(character);
    return parts;
  }
  let end = 0;
  for (const at of placesIn(text, separator, false, run)) {
    parts.push(text.slice(end, at));
    end = at + separator.length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** A text so many times, rounded down; null if that is less than nothing. */
function repeated(text: string, times: number, run: Run): Json {
  if (!(times >= 0)) return null;
  const length = text.length * Math.floor(times);
  if (length > run.limits.textLength) throw new ExpressionLimitError("textLength", run.limits.textLength);
  run.allowText(length);
  run.grow(times);
  return length === 0 ? "" : text.repeat(Math.floor(times));
}

function merged(left: JsonObject, right: JsonObject, run: Run): JsonObject {
  run.enter();
  run.grow(2);
  const result = copyObject(left, run);
  for (const name of Object.keys(right)) {
    run.charge(1);
    const [mine, yours] = [memberOf(left, name) ?? null, right[name] ?? null];
    setMember(result, name, isObject(mine) && isObject(yours) ? merged(mine, yours, run) : yours);
  }
  run.leave();
  return result;
}

function toInt64(value: number): bigint {
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  if (value <= -(2 ** 63)) return -(2n ** 63n);
  return BigInt(Math.trunc(value));
}
