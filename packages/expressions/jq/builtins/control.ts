import type { Json } from "@antiphon/protocol";
import { ExpressionError } from "../../errors.ts";
import { ITEMS, member } from "../filters/access.ts";
import { EMPTY, type Filter, IDENTITY, several, single } from "../filters/filter.ts";
import { untilStopped } from "../filters/stop.ts";
import type { Run } from "../run.ts";
import { iterate } from "../values/access.ts";
import { add } from "../values/arithmetic.ts";
import { isNumber, isTrue, toDouble } from "../values/kinds.ts";
import { compare } from "../values/order.ts";
import { toJsonText } from "../values/text.ts";
import { type Builtins, generating, given } from "./builtin.ts";

/** Functions that decide which outputs there are, and how many. */
export const CONTROL_BUILTINS: Builtins = {
  "empty/0": () => EMPTY,
  "error/0": () => raising(IDENTITY),
  "error/1": (message) => raising(given(message)),
  "select/1": (condition) => selecting(given(condition)),
  "first/0": () => member(0),
  "last/0": () => member(-1),
  "first/1": (source) => first(given(source)),
  "last/1": (source) => last(given(source)),
  "limit/2": (count, source) => limited(given(count), given(source)),
  "skip/2": (count, source) => skipping(given(count), given(source)),
  "isempty/1": (source) => negated(some(given(source), IDENTITY, () => true)),
  "any/0": () => some(ITEMS, IDENTITY, isTrue),
  "any/1": (condition) => some(ITEMS, given(condition), isTrue),
  "any/2": (source, condition) => some(given(source), given(condition), isTrue),
  "all/0": () => negated(some(ITEMS, IDENTITY, isFalse)),
  "all/1": (condition) => negated(some(ITEMS, given(condition), isFalse)),
  "all/2": (source, condition) => negated(some(given(source), given(condition), isFalse)),
  "range/1": generating((_input, [end = null], emit, run) => range(0, end, 1, emit, run)),
  "range/2": generating((_input, [start = null, end = null], emit, run) => range(start, end, 1, emit, run)),
  "range/3": generating((_input, [start = null, end = null, by = null], emit, run) => {
    if (isNumber(start) && isNumber(end) && isNumber(by)) return range(start, end, by, emit, run);
    const direction = Math.sign(compare(by, 0, run));
    for (let at = start; direction * compare(end, at, run) > 0; at = add(at, by, run)) {
      run.turn();
      emit(at);
    }
  }),
  "add/0": () =>
    single((input, { run }) => {
      let sum: Json = null;
      iterate(input, run, (value) => {
        sum = add(sum, value, run);
      });
      return sum;
    }),
};

function isFalse(value: Json): boolean {
  return !isTrue(value);
}

function raising({ each }: Filter): Filter {
  const raise: Filter["each"] = (input, frame) =>
    each(input, frame, (value) => {
      if (typeof value === "string") throw new ExpressionError(value);
      throw new ExpressionError(value, `${toJsonText(value, frame.run)} (not a string)`);
    });
  return several(raise, (_path, input, frame) => raise(input, frame, () => {}));
}

function selecting(condition: Filter): Filter {
  const { one } = condition;
  const paths: Filter["paths"] = (path, input, frame, emit) =>
    condition.each(input, frame, (value) => {
      if (isTrue(value)) emit(path, input);
    });
  if (one === null) {
    return several(
      (input, frame, emit) =>
        condition.each(input, frame, (value) => {
          if (isTrue(value)) emit(input);
        }),
      paths,
    );
  }
  return several(
    (input, frame, emit) => {
      if (isTrue(one(input, frame))) emit(input);
    },
    paths,
    (input, frame, change) => (isTrue(one(input, frame)) ? change(input) : undefined),
  );
}

/** The first output is passed on when the source has been left, so that nothing behind it is taken for the source. */
function first(source: Filter): Filter {
  if (source.one !== null) return source;
  return several(
    (input, frame, emit) => {
      const found: Json[] = [];
      untilStopped((stop) =>
        source.each(input, frame, (value) => {
          found.push(value);
          throw stop;
        }),
      );
      for (const value of found) emit(value);
    },
    (path, input, frame, emit) => {
      const found: Parameters<typeof emit>[] = [];
      untilStopped((stop) =>
        source.paths(path, input, frame, (place, value) => {
          found.push([place, value]);
          throw stop;
        }),
      );
      for (const [place, value] of found) emit(place, value);
    },
  );
}

/** As jq 1.7 has it, the last of no outputs is null; and it is computed, so that there is no path to it. */
function last(source: Filter): Filter {
  return single((input, frame) => {
    let found: Json = null;
    source.each(input, frame, (value) => {
      found = value;
    });
    return found;
  });
}

/** A negative count is no limit. */
function limited(count: Filter, source: Filter): Filter {
  const counted = (max: Json, run: (emitted: (emit: () => void) => void) => void): void => {
    if (compareToZero(max) < 0) run((emit) => emit());
    if (compareToZero(max) <= 0) return;
    let passed = 0;
    untilStopped((stop) =>
      run((emit) => {
        passed++;
        emit();
        if (passed >= Number(max)) throw stop;
      }),
    );
  };
  return several(
    (input, frame, emit) =>
      count.each(input, frame, (max) =>
        counted(max, (emitted) => source.each(input, frame, (value) => emitted(() => emit(value)))),
      ),
    (path, input, frame, emit) =>
      count.each(input, frame, (max) =>
        counted(max, (emitted) => source.paths(path, input, frame, (at, value) => emitted(() => emit(at, value)))),
      ),
  );
}

function skipping(count: Filter, source: Filter): Filter {
  const skipped = (value: Json): (() => boolean) => {
    let left = isNumber(value) ? toDouble(value) : Number.POSITIVE_INFINITY;
    return () => left-- > 0;
  };
  return several(
    (input, frame, emit) =>
      count.each(input, frame, (many) => {
        const skips = skipped(many);
        source.each(input, frame, (value) => {
          if (!skips()) emit(value);
        });
      }),
    (path, input, frame, emit) =>
      count.each(input, frame, (many) => {
        const skips = skipped(many);
        source.paths(path, input, frame, (place, value) => {
          if (!skips()) emit(place, value);
        });
      }),
  );
}

/** Whether the condition has an accepted output for some output of the source; looks no further than it must. */
function some(source: Filter, condition: Filter, accepts: (value: Json) => boolean): Filter {
  return single((input, frame) => {
    let found = false;
    untilStopped((stop) =>
      source.each(input, frame, (value) =>
        condition.each(value, frame, (result) => {
          frame.run.turn();
          if (!accepts(result)) return;
          found = true;
          throw stop;
        }),
      ),
    );
    return found;
  });
}

function negated({ one }: Filter): Filter {
  return single((input, frame) => one !== null && !isTrue(one(input, frame)));
}

function range(start: Json, end: Json, by: Json, emit: (value: Json) => void, run: Run): void {
  if (!isNumber(start) || !isNumber(end) || !isNumber(by)) throw new ExpressionError("Range bounds must be numeric");
  const [to, step] = [toDouble(end), toDouble(by)];
  if (step === 0) return;
  for (let at = toDouble(start); step > 0 ? at < to : at > to; at += step) {
    run.turn();
    emit(at);
  }
}

/** In jq's order of kinds, null and booleans come before numbers, and all else behind. */
function compareToZero(value: Json): number {
  if (isNumber(value)) return toDouble(value);
  return value === null || typeof value === "boolean" ? -1 : 1;
}
