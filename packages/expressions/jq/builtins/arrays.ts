import type { Json } from "@antiphon/protocol";
import { collect, type Filter, IDENTITY, single } from "../filters/filter.ts";
import type { Run } from "../run.ts";
import { index, iterate, placesOf } from "../values/access.ts";
import { subtract } from "../values/arithmetic.ts";
import { isArray, isContainer, kindOf } from "../values/kinds.ts";
import { compare, comparing, sorted } from "../values/order.ts";
import { described, fail } from "../values/text.ts";
import { type Builtin, type Builtins, given, ofInput, ofOne } from "./builtin.ts";
import { lengthOf } from "./kinds.ts";
import { placesInText } from "./texts.ts";

/** Functions of arrays: order, groups, places. */
export const ARRAY_BUILTINS: Builtins = {
  "sort/0": ofInput((input, run) => sorted(sortable(input, run), run)),
  "sort_by/1": by("sorted, as they are not both arrays", (items, keys, run) =>
    ordered(keys, run).map((at) => items[at] ?? null),
  ),
  "group_by/1": by("grouped, as they are not both arrays", grouped),
  "unique_by/1": (key) => unique(given(key)),
  "unique/0": () => unique(IDENTITY),
  "min/0": ofInput((input, run) => least(comparable(input, run), comparable(input, run), run)),
  "max/0": ofInput((input, run) => greatest(comparable(input, run), comparable(input, run), run)),
  "min_by/1": by("iterated over", least),
  "max_by/1": by("iterated over", greatest),
  "reverse/0": ofInput(reversed),
  "flatten/0": ofInput((input, run) => flattened(input, -1, run)),
  "flatten/1": ofOne((input, depth, run) => {
    if (compare(depth, 0, run) < 0) return fail("flatten depth must not be negative");
    return flattened(input, depth, run);
  }),
  "transpose/0": ofInput(transposed),
  "indices/1": ofOne(places),
  "index/1": ofOne((input, part, run) => index(places(input, part, run), 0, run)),
  "rindex/1": ofOne((input, part, run) => index(places(input, part, run), -1, run)),
  "bsearch/1": ofOne(binarySearch),
};

type Keyed = (items: readonly Json[], keys: readonly Json[], run: Run) => Json;

/** A function that orders items by keys; all outputs of a filter together are an item's key. */
function by(refusal: string, apply: Keyed): Builtin {
  return (argument) => {
    const filter: Filter = given(argument);
    const keyOf = filter.one ?? collect(filter);
    return single((input, frame) => {
      const keys: Json[] = [];
      iterate(input, frame.run, (item) => keys.push(keyOf(item, frame)));
      if (isArray(input)) return apply(input, keys, frame.run);
      const shown = filter.one === null ? keys : keys.map((key) => [key]);
      return fail(`${described(input, frame.run)} and ${described(shown, frame.run)} cannot be ${refusal}`);
    });
  };
}

const unique = by("sorted, as they are not both arrays", (items, keys, run) =>
  grouped(items, keys, run).map((group) => group[0] ?? null),
);

function sortable(value: Json, run: Run): readonly Json[] {
  return isArray(value) ? value : fail(`${described(value, run)} cannot be sorted, as it is not an array`);
}

function comparable(value: Json, run: Run): readonly Json[] {
  return isArray(value) ? value : fail(`${described(value, run)} and ${described(value, run)} cannot be iterated over`);
}

function ordered(keys: readonly Json[], run: Run): number[] {
  run.charge(keys.length >> 2);
  const inOrder = comparing(run);
  return keys.map((_, at) => at).sort((a, b) => inOrder(keys[a] ?? null, keys[b] ?? null));
}

function grouped(items: readonly Json[], keys: readonly Json[], run: Run): Json[][] {
  const groups: Json[][] = [];
  let before: Json = null;
  for (const at of ordered(keys, run)) {
    run.charge(1);
    const key = keys[at] ?? null;
    const group = groups.at(-1);
    if (group !== undefined && compare(before, key, run) === 0) group.push(items[at] ?? null);
    else groups.push([items[at] ?? null]);
    before = key;
  }
  return groups;
}

/** Of equal ones the first. */
function least(items: readonly Json[], keys: readonly Json[], run: Run): Json {
  return items[extreme(keys, (order) => order < 0, run)] ?? null;
}

/** Of equal ones the last. */
function greatest(items: readonly Json[], keys: readonly Json[], run: Run): Json {
  return items[extreme(keys, (order) => order >= 0, run)] ?? null;
}

function extreme(keys: readonly Json[], isBetter: (order: number) => boolean, run: Run): number {
  run.charge(keys.length);
  let best = 0;
  for (let at = 1; at < keys.length; at++) {
    if (isBetter(compare(keys[at] ?? null, keys[best] ?? null, run))) best = at;
  }
  return best;
}

function reversed(value: Json, run: Run): Json {
  // jq asks for the length, and then for items: what has none of them is an empty array, whatever it is.
  if (!isArray(value)) return lengthOf(value, run) === 0 ? [] : fail(`Cannot index ${kindOf(value)} with number`);
  run.charge(value.length >> 3);
  return value.toReversed();
}

/** A depth below zero is none, because no number of steps down from it meets zero. */
function flattened(value: Json, depth: Json, run: Run): Json {
  const items: Json[] = [];
  const flatten = (inner: Json, left: Json): void => {
    run.enter();
    iterate(inner, run, (item) => {
      if (isArray(item) && left !== 0) flatten(item, subtract(left, 1, run));
      else items.push(item);
    });
    run.leave();
  };
  flatten(value, depth);
  run.grow(items.length);
  return items;
}

function transposed(value: Json, run: Run): Json {
  if (!isContainer(value)) return fail(`Cannot iterate over ${described(value, run)}`);
  const rows = (isArray(value) ? value : Object.values(value)).map((row) =>
    row === null || isArray(row) ? (row ?? []) : fail(`Cannot index ${kindOf(row)} with number`),
  );
  run.charge(rows.length);
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  run.charge(width * rows.length);
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null));
}

function places(value: Json, part: Json, run: Run): Json {
  if (isArray(value)) return placesOf(value, isArray(part) ? part : [part], run);
  if (typeof value === "string" && typeof part === "string") return placesInText(value, part, run);
  return index(value, part, run);
}

function binarySearch(value: Json, wanted: Json, run: Run): Json {
  if (!isArray(value)) return fail(`${described(value, run)} cannot be searched from`);
  let [low, high] = [0, value.length - 1];
  while (low <= high) {
    run.charge(1);
    const middle = (low + high) >> 1;
    const order = compare(value[middle] ?? null, wanted, run);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1 - low;
}
