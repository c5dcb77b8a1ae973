import type { ExactNumber, Json, JsonObject } from "@antiphon/protocol";
import { ExpressionError } from "../errors.ts";
import type { Run } from "../jq/run.ts";
import { isArray, isNumber, isObject, toDouble } from "../jq/values/kinds.ts";
import { compare } from "../jq/values/order.ts";
import type { FunctionName } from "./ast.ts";

/** What a function makes of the value before it and of what stands in its parentheses. */
export function call(name: FunctionName, value: Json, parameters: readonly Json[], run: Run): Json {
  switch (name) {
    case "min":
      return numbersIn(name, value, parameters, run).reduce((least, one) =>
        compare(one, least, run) < 0 ? one : least,
      );
    case "max":
      return numbersIn(name, value, parameters, run).reduce((most, one) => (compare(one, most, run) > 0 ? one : most));
    case "sum":
      return run.number(sum(numbersIn(name, value, parameters, run)));
    case "avg":
      return run.number(mean(numbersIn(name, value, parameters, run)));
    case "stddev":
      return run.number(deviation(numbersIn(name, value, parameters, run).map(toDouble)));
    case "length":
    case "size":
      return lengthOf(parameters.length > 0 ? (parameters[0] ?? null) : value, run);
    case "keys":
      return isObject(value) ? namesIn(value, run) : null;
    case "concat":
      return joined(value, parameters, run);
    case "append":
      if (!isArray(value)) return value;
      run.charge(value.length);
      run.grow(value.length + parameters.length);
      return [...value, ...parameters];
    case "first":
      return itemOf(name, value, 0);
    case "last":
      return itemOf(name, value, -1);
    case "index":
      return itemOf(name, value, positionIn(parameters));
  }
}

function numbersIn(name: string, value: Json, parameters: readonly Json[], run: Run): (number | ExactNumber)[] {
  const all = [...(isArray(value) ? value : []), ...parameters.flat()];
  run.charge(all.length);
  const numbers = all.filter((one) => isNumber(one));
  if (numbers.length === 0) throw new ExpressionError(`${name}() found no number`);
  return numbers;
}

function sum(numbers: readonly (number | ExactNumber)[]): number {
  return numbers.reduce((total: number, one) => total + toDouble(one), 0);
}

function mean(numbers: readonly (number | ExactNumber)[]): number {
  return sum(numbers) / numbers.length;
}

/** Of a whole population, not of a sample. */
function deviation(numbers: readonly number[]): number {
  const middle = mean(numbers);
  return Math.sqrt(mean(numbers.map((one) => (one - middle) ** 2)));
}

function lengthOf(value: Json, run: Run): Json {
  if (isArray(value)) return value.length;
  return isObject(value) ? namesIn(value, run).length : null;
}

function namesIn(value: JsonObject, run: Run): readonly string[] {
  const names = Object.keys(value);
  run.charge(names.length);
  return names;
}

function joined(value: Json, parameters: readonly Json[], run: Run): string {
  let text = "";
  for (const part of [...(isArray(value) ? value : []), ...parameters.flat()]) {
    run.turn();
    if (typeof part !== "string") continue;
    run.allowText(text.length + part.length, part.length);
    text += part;
  }
  return text;
}

function itemOf(name: string, value: Json, position: number): Json {
  if (!isArray(value)) throw new ExpressionError(`${name}() expects an array`);
  const item = value[position < 0 ? position + value.length : position];
  if (item === undefined) throw new ExpressionError(`${name}() finds nothing in an array of ${value.length}`);
  return item;
}

function positionIn([position]: readonly Json[]): number {
  if (position === undefined || !isNumber(position)) throw new ExpressionError("index() expects a position");
  return toDouble(position);
}
