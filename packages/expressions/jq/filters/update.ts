import type { Json } from "@antiphon/protocol";
import { valueAt } from "../values/access.ts";
import type { Operation } from "../values/arithmetic.ts";
import { withoutPaths } from "../values/remove.ts";
import { withValueAtPath } from "../values/replace.ts";
import { type Filter, several, single } from "./filter.ts";
import type { Frame } from "./frame.ts";
import { found, keysOf, ROOT } from "./path.ts";
import { untilStopped } from "./stop.ts";

/** `left = right`: the outputs of the right are the outer loop. */
export function assignment(left: Filter, right: Filter): Filter {
  return forEachValue(right, (input, frame, value) => replaced(left, input, frame, () => value));
}

/** `left += right` and its like; the right sees the whole input, too. */
export function operationUpdate(left: Filter, right: Filter, operation: Operation): Filter {
  return forEachValue(right, (input, frame, value) =>
    replaced(left, input, frame, (current) => operation(current, value, frame.run)),
  );
}

/** `left |= right`: the first output of the right counts; where there is none, what was found is deleted. */
export function modification(left: Filter, right: Filter): Filter {
  const { one } = right;
  if (one !== null) {
    return single((input, frame) => replaced(left, input, frame, (value) => one(value, frame)));
  }
  return single((input, frame) => {
    const { run } = frame;
    const dead: Json[] = [];
    let result = input;
    left.paths(ROOT, input, frame, (path, value) => {
      const keys = keysOf(found(path, value, run), run);
      const replacement = first(right, valueAt(result, keys, run), frame);
      if (replacement === undefined) dead.push(keys);
      else result = withValueAtPath(result, keys, replacement, run);
    });
    return dead.length === 0 ? result : withoutPaths(result, dead, run);
  });
}

/** The input with each thing that `left` finds replaced. */
function replaced(left: Filter, input: Json, frame: Frame, change: (value: Json) => Json): Json {
  if (left.update !== null) {
    const changed = left.update(input, frame, change);
    return changed === undefined ? input : changed;
  }
  const { run } = frame;
  let result = input;
  left.paths(ROOT, input, frame, (path, value) => {
    const keys = keysOf(found(path, value, run), run);
    result = withValueAtPath(result, keys, change(valueAt(result, keys, run)), run);
  });
  return result;
}

function forEachValue(right: Filter, apply: (input: Json, frame: Frame, value: Json) => Json): Filter {
  const { one } = right;
  if (one !== null) return single((input, frame) => apply(input, frame, one(input, frame)));
  return several((input, frame, emit) => right.each(input, frame, (value) => emit(apply(input, frame, value))));
}

function first(filter: Filter, input: Json, frame: Frame): Json | undefined {
  let result: Json | undefined;
  untilStopped((stop) =>
    filter.each(input, frame, (value) => {
      result = value;
      throw stop;
    }),
  );
  return result;
}
